"""What C compilers have in common: what is asked of one, and the commands with which it answers.

A compiler is a module with the members of :class:`Family`; :mod:`xxpy.compiler.choice` lists them.
Whether a compiler can build for a target is not guessed where it can be tried: clang and gcc link a
program of one line, which costs some 50 ms and finds a missing back-end, linker, libc or a sysroot
of another architecture alike.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.binary import inspect
from xxpy.errors import ToolError, UsageError
from xxpy.machine import programs, temporary
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.base import Base
    from xxpy.table.target import Target

PROGRAM_C: Final = '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n'
PROGRAM_CXX: Final = "#include <iostream>\nint main() { std::cout << 1; }\n"

RESOURCE_COMPILER: Final = "windres"
"""What compiles Windows resources, as GNU binutils call it."""

_SEARCHED: Final = re.compile(
    r"^#include <\.\.\.> search starts here:\n(.*?)^End of search list", re.MULTILINE | re.DOTALL
)
_OWN_HEADER: Final = "__stddef_max_align_t.h"
"""A header that clang has itself and no libc has."""

Command = tuple[str, ...]
"""A program and the arguments that stand before the user's own."""


class Sysroot(Protocol):
    """What a compiler needs to know of a sysroot.

    ``path`` stands for the target's ``/``; ``debian_triple`` is the word of its library folders;
    ``glibc`` is the version of its libc, or None.
    """

    @property
    def path(self) -> Path: ...  # noqa: D102 - above
    @property
    def debian_triple(self) -> str: ...  # noqa: D102 - above
    @property
    def glibc(self) -> str | None: ...  # noqa: D102 - above


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a compiler.

    :param target: what to build for
    :param floor: the oldest glibc on which programs must run, such as ``2.28``, or None where
        nobody asked
    :param sysroot: headers and libraries of the target, or None
    :param sdk: the folder of Apple's SDK, or None
    :param ndk: the folder of Android's NDK, or None
    :param cxx: whether it must build C++ as well
    :param static: whether programs must be static
    """

    target: Target
    floor: str | None = None
    sysroot: Sysroot | None = None
    sdk: Path | None = None
    ndk: Path | None = None
    cxx: bool = True
    static: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """The commands of one compiler for one target.

    :param word: what the compiler is called behind the triple: ``clang`` or ``gcc``
    :param cc: the C compiler without ``flags``
    :param cxx: the C++ compiler, or None
    :param flags: what both need for the target; clang reads them from a configuration file, others
        as arguments
    :param configured: whether the flags stand in a configuration file
    :param others: the other tools, by the name behind the triple: ``ar``, ``ranlib``, ``nm`` …
    :param dropped: patterns of arguments of others that say the target in words which the compiler
        refuses; ``flags`` says it already
    :param processors: names of processors that other compilers know, each with the one that it is
        here
    :param own_libraries: whether the compiler brings its own libc, so that the sysroot's folders
        are named for other libraries only
    :param resources: what ``xx-windres`` calls, by its name: the template in ``templates/kit`` and
        the command that it runs
    :param missing: the tools that are not there, by name, with what their commands say
    :param base: the base sysroot that clang needs, which is made before the kit
    :param static: whether programs are static unless the arguments say how they are linked, because
        nothing else has the target's libc
    :param linker: what a kit's own linker runs; it makes the C++ part of the base when that is
        first asked for
    """

    word: str
    cc: Command
    cxx: Command | None
    flags: Command
    others: Mapping[str, Command]
    configured: bool = False
    dropped: Command = ()
    processors: Mapping[str, str] | None = None
    own_libraries: bool = False
    resources: Mapping[str, tuple[str, Command]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    base: Base | None = None
    linker: Command = ()
    static: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The other tools of a kit, by the name behind the triple: those that are there, and the one made of ``resources``."""
        return (
            frozenset(self.others)
            | frozenset(self.missing)
            | ({RESOURCE_COMPILER} if self.resources else frozenset())
        )


def header_folders(tools: Tools, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return where a compiler that brings its own libc finds the headers of that, without the folder of the compiler's own.

    The compiler lists its folders when it is asked for all that it does::

        #include <...> search starts here:
         /opt/zig/lib/include
         /opt/zig/lib/libc/include/riscv-linux-gnu
        End of search list.
    """
    said = programs.watch(
        [*tools.cc, *tools.flags, "-E", "-v", "-x", "c", os.devnull],
        lambda: None,
        environment=environment,
    ).errors
    found = _SEARCHED.search(said)
    folders = () if found is None else (line.strip() for line in found[1].splitlines())
    return tuple(folder for folder in folders if not (Path(folder) / _OWN_HEADER).is_file())


class Compiler(Protocol):
    """One compiler that is installed.

    ``name`` is clang, gcc or zig; ``version`` its release; ``program`` the absolute path;
    ``origin`` where it was found.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - above
    @property
    def version(self) -> str: ...  # noqa: D102 - above
    @property
    def program(self) -> str: ...  # noqa: D102 - above
    @property
    def origin(self) -> str: ...  # noqa: D102 - above

    def tools(self, wanted: Wanted) -> Tools:
        """Return the commands for a target.

        :raises ToolError: it cannot build for it; the message is the reason alone
        """

    def strengths(self, wanted: Wanted) -> str:
        """Return what speaks for it, for people."""


class Family(Protocol):
    """What a module of a compiler has."""

    def find(self, wanted: Wanted, environment: Mapping[str, str]) -> Compiler:
        """Return the installed compiler.

        :raises ToolError: there is none; the message says what was looked for
        """

    def ways(self, wanted: Wanted, *, installed: bool = False) -> str:
        """Return the shortest way to get one that can do it, or "" where there is none.

        :param installed: whether the compiler itself is there already, and cannot do it as it is
        """


def try_to_link(wanted: Wanted, command: Command, flags: Command, *, cxx: bool = False) -> None:
    """Link a program of one line with a compiler, and look whether it is linked as it is wanted: with which libc, and how.

    :raises ToolError: it fails, or the program has another libc; the message says why
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
            raise ToolError(
                f"links nothing static: {error.message}" if static else error.message
            ) from error
        found = inspect(program)[0].libc if judged else None
        if found is not None and not target.libc.startswith(found):
            raise ToolError(f"links {found}, and {target.libc} is asked for")


def compile_to(program: Path, command: Command, flags: Command, text: str, suffix: str) -> None:
    """Compile and link *text* with a compiler, from a source beside *program*.

    :raises ToolError: it fails; the message is the line that says why
    """
    source = program.with_suffix(suffix)
    source.write_text(text)
    try:
        programs.output(
            [*command, *flags, str(source), "-o", str(program)], folder=str(program.parent)
        )
    except ToolError as error:
        raise ToolError(telling(error.hint) or error.message) from error


def telling(text: str) -> str:
    r"""Return the line of a compiler's output that says what is wrong.

    >>> telling("x.c:1:1: warning: y\nclang: error: linker command failed\nld.lld: error: cannot open crt1.o")
    'ld.lld: error: cannot open crt1.o'
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    faults = [
        line
        for line in lines
        if re.search(r"\b(error|cannot|unable|not found)\b", line)
        and "linker command failed" not in line
    ]
    found = (faults or lines or [""])[0]
    return re.sub(r"^\S*/\.xxpy-\w+/", "", found)


def read_libc(text: str) -> tuple[str, str | None]:
    """Return the libc and the oldest version that *text* names.

    >>> read_libc("gnu.2.28")
    ('gnu', '2.28')
    >>> read_libc("musl")
    ('musl', None)

    :raises UsageError: it is neither ``gnu``, ``musl`` nor ``gnu.MAJOR.MINOR``
    """
    found = re.fullmatch(r"(gnu|musl)(?:\.(\d+\.\d+))?", text)
    if found is None or (found.group(1) == "musl" and found.group(2)):
        raise UsageError(
            f"unknown libc {text}",
            "known are gnu, musl and gnu.2.28 (the oldest glibc that programs run on)",
        )
    return found.group(1), found.group(2)


def by_libc(group: object, target: Target) -> str | None:
    """Return the name that a group of the table gives the target, by its libc where there are two."""
    key = "musl" if target.libc.startswith("musl") else "gnu"
    found: str | None = getattr(group, key, None) if target.row.triple.libc else None
    return found or getattr(group, "target", None)


def newer_than_floor(wanted: Wanted) -> None:
    """Refuse a floor that only a compiler with its own libc can hold.

    :raises ToolError: nothing says that the libc which is linked is old enough
    """
    if wanted.floor is None:
        return
    found = None if wanted.sysroot is None else wanted.sysroot.glibc
    if found is None or numbers(found) > numbers(wanted.floor):
        raise ToolError(
            f"links the libc of its sysroot ({found or 'of unknown version'}), glibc {wanted.floor} is asked for"
        )
