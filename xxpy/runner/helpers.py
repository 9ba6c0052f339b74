"""Helpers of a build, such as generators: programs that run on this machine and are not results.

A project with an install step says itself what its results are. Otherwise they are collected, and
helpers are found among them. A helper differs from a program that was built with the wrong compiler
in that the build runs it, or makes other files from it. CMake and Meson know which programs are for
this machine, so for them no proof is needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.machine import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from xxpy.runner.plan import Step
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

MAKEFILES: Final = frozenset({"GNUmakefile", "Makefile", "makefile"})
MAKEFILE_SUFFIXES: Final = frozenset({".mk", ".mak", ".make"})
_INCLUDED: Final = frozenset({".inc", ".common", ".conf", ".config", ".defs", ".rules"})
"""Suffixes of files that Makefiles include: ``Makefile.inc``."""
_MOST: Final = 5000
"""The most files that are searched for Makefiles."""
_MOST_TEXT: Final = 1 << 20
"""The most bytes that are read of a Makefile, or of the end of a log."""

_ASSIGNED: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[:?]{0,2}=[ \t]*(.*?)[ \t]*$", re.MULTILINE
)
_USED: Final = re.compile(r"\$[({]([\w.-]+)[)}]")
_RULE: Final = re.compile(
    r"^([^\s#:=][^:=#\n]*?)[ \t]*::?(?![:=])([^=#\n]*)(?:#.*)?$", re.MULTILINE
)
_KBUILD: Final = re.compile(r"^Kbuild\b")
_HOST_PROGRAMS: Final = re.compile(
    r"^[ \t]*(?:hostprogs(?:-\w+)*|host-progs)[ \t]*[:+]?=[ \t]*([^#\n]*)", re.MULTILINE
)
"""The variables in which Kbuild lists the programs for this machine
(https://docs.kernel.org/kbuild/makefiles.html)."""
_COMMAND: Final = re.compile(
    r"(?:^|[;&|(`!]|\b(?:then|do|else|exec|time|env))"
    r"[ \t]*(?:[@+-]+[ \t]*)*(?:\w+=\S*[ \t]+)*((?:[\w.+-]*/)+[\w.+-]+)"
)
_DEPTH: Final = 5
"""How many times variables within variables are replaced."""


def makefiles(folder: Path) -> Iterator[str]:
    """Yield the text of each Makefile below a folder, with continued lines joined."""
    yield from (text for _, text in _makefiles(folder))


def _makefiles(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each Makefile below a folder, and its text."""
    for _number, path in zip(range(_MOST), folder.rglob("*"), strict=False):
        if (
            (
                path.name in MAKEFILES
                or _KBUILD.match(path.name)
                or path.suffix in MAKEFILE_SUFFIXES
                or (path.stem in MAKEFILES and path.suffix in _INCLUDED)
            )
            and path.is_file()
            and path.stat().st_size <= _MOST_TEXT
        ):
            yield path, path.read_text("utf-8", errors="replace").replace("\\\n", " ")


def expanded(text: str) -> str:
    r"""Replace the variables in the text of a Makefile by the values that it assigns.

    >>> expanded("GEN = tools/gen\nx: $(GEN)\n\t$(GEN) > x\n").splitlines()[-1]
    '\ttools/gen > x'
    """
    values = dict(_ASSIGNED.findall(text))
    for _ in range(_DEPTH):
        text = _USED.sub(lambda found: values.get(found[1], found[0]), text)
    return text


def run_in(lines: Iterable[str]) -> set[str]:
    """Return the names of the programs that commands run by a path.

    >>> sorted(run_in(["cc -o ./prog main.c", "./gen > table.h", "cd x && LC_ALL=C tools/mk x"]))
    ['gen', 'mk']
    """
    return {found.rpartition("/")[2] for line in lines for found in _COMMAND.findall(line.strip())}


def made_of(text: str, folder: Path) -> set[str]:
    """Return the names of the files that a Makefile's rules make other files from.

    Only rules whose target exists count.

    :param folder: the folder of the Makefile, or the one in which make was started
    """
    found: set[str] = set()
    for targets, needed in _RULE.findall(text):
        if any((folder / target).is_file() for target in targets.split()):
            found |= {word.rpartition("/")[2] for word in needed.replace("|", " ").split()}
    return found


def host_programs(text: str) -> set[str]:
    r"""Return the programs for this machine that a file of Kbuild lists.

    >>> sorted(host_programs("hostprogs-y := gen lxdialog/dialog\nhostprogs += conf # own"))
    ['conf', 'dialog', 'gen']
    """
    words = " ".join(_HOST_PROGRAMS.findall(text)).split()
    return {word.rpartition("/")[2] for word in words}


def used(folder: Path, log: Path) -> set[str]:
    """Return the names of all files that the build of *folder* ran, or made other files from.

    :param log: the log of its commands
    """
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _MOST_TEXT))
        names = run_in(file.read().decode("utf-8", "replace").splitlines())
    for path, plain in _makefiles(folder):
        text = expanded(plain)
        names |= run_in(line for line in text.splitlines() if line.startswith("\t"))
        names |= made_of(text, folder) | made_of(text, path.parent) | host_programs(text)
    return names


def sort_out(
    built: Iterable[Path], platform: Platform, table: Table, required: Requirements
) -> tuple[list[Path], list[Path]]:
    """Return the files that suit a platform, and those that suit only this machine."""
    own = table.row(facts.platform(table.words))
    good: list[Path] = []
    helpers: list[Path] = []
    for path in built:
        if not check(path, table.row(platform), table, required):
            good.append(path)
        elif not check(path, own, table, Requirements()):
            helpers.append(path)
    return good, helpers


def leave_out(
    step: Step,
    stage: Path,
    folder: Path,
    log: Path,
    *,
    table: Table,
    required: Requirements,
) -> None:
    """Remove the build's helpers from the collected files, and note that in the log.

    Nothing is removed if no result would be left.

    :param stage: the folder with the collected files
    :param folder: the folder in which the project was built
    :param log: the log of the commands
    """
    good, candidates = sort_out(
        (path for path in stage.rglob("*") if path.is_file()), step.platform, table, required
    )
    if not good or not candidates:
        return
    proved = {path.name for path in candidates} if step.names_helpers else used(folder, log)
    helpers = [path for path in candidates if path.name in proved]
    for path in helpers:
        path.unlink()
    with log.open("a", encoding="utf-8") as file:
        file.writelines(
            f"{name}: left out, because it is a helper that runs on this machine\n"
            for name in sorted(path.name for path in helpers)
        )
