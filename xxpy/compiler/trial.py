"""Find out by a trial whether a compiler can build for a target.

Compiling and linking a program of one line takes some 50 ms and finds a missing back-end, linker or
libc, and a sysroot of another architecture. The result is remembered
(:mod:`xxpy.machine.remembered`) until something changes that it depends on: the compiler, the
linker and the assembler as files, the list of names in every folder where compilers look for
programs, headers and libraries, the package manager's own record of what is installed, and the
environment.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import inspect
from xxpy.compiler.compiler import PROGRAM_C, PROGRAM_CXX, compile_to
from xxpy.errors import ToolError
from xxpy.machine import remembered, resources, temporary, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xxpy.compiler.compiler import Command, Wanted
    from xxpy.machine.remembered import Stamp

INSTALLED: Final = (
    "/var/lib/dpkg/status",
    "/lib/apk/db/installed",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/var/lib/rpm/rpmdb.sqlite",
    "/var/lib/pacman/local",
    "/opt/homebrew/Cellar",
    "/usr/local/Cellar",
    "/nix/var/nix/profiles",
)
"""What changes when the package manager of a distribution installs or removes something."""

_FOLDERS: Final = (
    "",
    "bin",
    "include",
    "include/c++",
    "lib",
    "lib32",
    "lib64",
    "lib/gcc",
    "lib/gcc-cross",
    "lib/clang",
)
"""The folders below a root in which compilers look for something of every target."""

_OF_TARGET: Final = (
    "{}",
    "{}/bin",
    "{}/include",
    "{}/include/c++",
    "{}/lib",
    "{}/sysroot",
    "{}/usr/lib",
    "include/{}",
    "lib/{}",
    "lib/gcc/{}",
    "lib/gcc-cross/{}",
)
"""The folders of one target; ``{}`` is its triple."""

_LIBC: Final = ("crt1.o", "libc.a", "libc.so", "libc.so.6", "stdio.h", "libstdc++.so")
"""Files in these folders that a link of one line needs."""

_LINKERS: Final = ("ld", "ld.lld", "ld.bfd", "ld.gold", "ld.mold", "as")
"""Programs that compilers run."""

_PASSING: Final = re.compile(
    r"\bkilled\b|\bsignal\b|out of memory|cannot allocate|no space|too many open|temporarily"
    r"|timed? ?out|cannot be started|does not end|needs more than|prints more than",
    re.IGNORECASE,
)
"""Failures that the next trial may not have."""


def try_to_link(
    wanted: Wanted,
    command: Command,
    flags: Command,
    environment: Mapping[str, str],
    *,
    cxx: bool = False,
) -> None:
    """Link a program of one line with a compiler, and check that it has the libc of the target.

    :param environment: the variables by which the compiler was found
    :raises ToolError: it fails, or the program has another libc; the message says why
    """
    tool = remembered.tool(command[0])
    if tool is None:
        _try(wanted, command, flags, cxx=cxx)
        return
    entry = remembered.place(
        resources.cache_path(remembered.TRIALS),
        "link",
        (command, flags, cxx, wanted.static, wanted.target.libc),
        tool,
        remembered.environment(trust.environment(dict(os.environ)) or {}),
        _surroundings(wanted, command, environment),
    )
    fault = _fault(remembered.recall(entry))
    if fault is None:
        fault = _tried(wanted, command, flags, cxx=cxx)
        if not _PASSING.search(fault):
            remembered.keep(entry, json.dumps(fault).encode())
    if fault:
        raise ToolError(fault)


def _tried(wanted: Wanted, command: Command, flags: Command, *, cxx: bool) -> str:
    """Return why a compiler does not link a program, or ""."""
    try:
        _try(wanted, command, flags, cxx=cxx)
    except ToolError as error:
        return error.message
    return ""


def _fault(data: bytes | None) -> str | None:
    """Return the fault that an earlier trial has found, "" for success, or None without a trial."""
    try:
        found = None if data is None else json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, str) else None


def _try(wanted: Wanted, command: Command, flags: Command, *, cxx: bool) -> None:
    """Link the program and look at it.

    :raises ToolError: as :func:`try_to_link`
    """
    text, suffix = (PROGRAM_CXX, ".cc") if cxx else (PROGRAM_C, ".c")
    target = wanted.target
    judged = bool(target.row.triple.libc)
    static = wanted.static and judged
    with temporary.folder() as folder:
        program = folder / "try"
        try:
            compile_to(program, command, (*flags, *(("-static",) if static else ())), text, suffix)
        except ToolError as error:
            lead = "links no static programs: " if static else ""
            raise ToolError(f"{lead}{error.message}") from error
        found = inspect(program)[0].libc if judged else None
        if found is not None and not target.libc.startswith(found):
            raise ToolError(f"links {found}, not {target.libc}")


def _surroundings(wanted: Wanted, command: Command, environment: Mapping[str, str]) -> list[Stamp]:
    """Return the stamps of everything that a link reads, or would read if it existed."""
    names = {wanted.target.triple}
    if wanted.target.row.debian is not None and wanted.target.row.debian.triple:
        names.add(wanted.target.row.debian.triple)
    if wanted.sysroot is not None and wanted.sysroot.debian_triple:
        names.add(wanted.sysroot.debian_triple)
    own = Path(os.path.realpath(command[0])).parent.parent
    given = (
        str(place)
        for place in (wanted.sdk, wanted.ndk, wanted.sysroot and wanted.sysroot.path)
        if place is not None
    )
    path = trust.search_path(environment)
    roots = dict.fromkeys(("/usr", "/usr/local", str(own), *_roots(given)))
    return [
        *_machine(path),
        *(one for root in roots for one in _below(root, tuple(sorted(names)))),
        *remembered.stamps(_programs(wanted, path)),
    ]


def _roots(given: Iterable[str]) -> Iterator[str]:
    for root in given:
        yield root
        yield f"{root}/usr"


@cache
def _machine(path: str) -> list[Stamp]:
    """Return the stamps of what all targets have in common: PATH, and what is installed."""
    return remembered.stamps((*path.split(os.pathsep), "/usr/lib/llvm", "/lib", *INSTALLED))


@cache
def _below(root: str, triples: tuple[str, ...]) -> list[Stamp]:
    """Return the stamps of the folders and files below a root that a link may read."""
    of_target = [name.format(triple) for name in _OF_TARGET for triple in triples]
    folders = [f"{root}/{name}" for name in (*_FOLDERS, *of_target)]
    files = [f"{folder}/{name}" for folder in folders for name in _LIBC]
    return [one for one in remembered.stamps((*folders, *files)) if one is not None]


def _programs(wanted: Wanted, path: str) -> Iterator[str]:
    """Yield the linkers and assemblers in the folders of PATH that a compiler may run."""
    names = frozenset((*_LINKERS, *(f"{wanted.target.triple}-{name}" for name in _LINKERS)))
    for folder in path.split(os.pathsep):
        yield from (f"{folder}/{name}" for name in sorted(names & _listing(folder)))


@cache
def _listing(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - the names alone
    except OSError:
        return frozenset()
