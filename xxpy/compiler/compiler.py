"""What C compilers have in common: the requirements of a build, and the commands that meet them.

A compiler is a module with the members of :class:`Family`; :mod:`xxpy.compiler.choice` lists them.
clang and gcc show that they can build for a target in a :mod:`xxpy.compiler.trial`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from xxpy.errors import ToolError
from xxpy.machine import programs
from xxpy.table import libc as c_library
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.base import Base
    from xxpy.table.target import Target

PROGRAM_C: Final = '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n'
PROGRAM_CXX: Final = "#include <iostream>\nint main() { std::cout << 1; }\n"

RESOURCE_COMPILER: Final = "windres"
"""The compiler of Windows resources, by its name in GNU binutils."""

_SEARCHED: Final = re.compile(
    r"^#include <\.\.\.> search starts here:\n(.*?)^End of search list", re.MULTILINE | re.DOTALL
)
_OWN_HEADER: Final = "__stddef_max_align_t.h"
"""A header that clang has and no libc has."""

Command = tuple[str, ...]
"""A program and the arguments before the user's own."""


class Sysroot(Protocol):
    """What a compiler needs to know about a sysroot.

    ``path`` stands for the target's ``/``; ``debian_triple`` is the name of its library folders, or
    ""; ``glibc`` is the version of its libc, or None.
    """

    @property
    def path(self) -> Path: ...  # noqa: D102 - above
    @property
    def debian_triple(self) -> str: ...  # noqa: D102 - above
    @property
    def glibc(self) -> str | None: ...  # noqa: D102 - above


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a compiler must be able to do.

    :param target: the target of the build
    :param floor: the oldest glibc on which programs must run, such as ``2.28``, or None if the user
        named none
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

    :param word: the compiler's name after the triple: ``clang`` or ``gcc``
    :param cc: the C compiler without ``flags``
    :param cxx: the C++ compiler, or None
    :param flags: the flags of both for the target
    :param configured: whether the compiler reads the flags from a configuration file, as clang does
    :param others: the other tools, by the name after the triple: ``ar``, ``ranlib``, ``nm`` …
    :param dropped: patterns of a build's arguments that name the target in a form which the
        compiler refuses; ``flags`` names it already
    :param ignored: options that change nothing and that the compiler refuses
    :param processors: names of processors for other compilers, each to this compiler's name
    :param own_libraries: whether the compiler has its own libc, so that only other libraries come
        from the sysroot
    :param resources: the commands that ``xx-windres`` calls, by name: the template in
        ``templates/kit`` and the command that it runs
    :param missing: the tools that were not found, by name, each to the error message of its command
    :param base: the base sysroot that clang needs, which is made before the kit
    :param version: the version of the compiler that ``word`` names, or ""; set when it is chosen
    :param static: whether programs are static unless the arguments say how they are linked, because
        no other machine has the target's libc
    :param linker: the command that a kit's own linker runs; that linker makes the C++ part of the
        base when a program first needs it
    """

    word: str
    word_cxx: str
    cc: Command
    cxx: Command | None
    flags: Command
    others: Mapping[str, Command]
    configured: bool = False
    dropped: Command = ()
    ignored: Command = ()
    processors: Mapping[str, str] | None = None
    own_libraries: bool = False
    resources: Mapping[str, tuple[str, Command]] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    base: Base | None = None
    linker: Command = ()
    static: bool = False
    version: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names after the triple of the other tools of a kit."""
        windows = {RESOURCE_COMPILER} if self.resources else frozenset()
        return frozenset(self.others) | frozenset(self.missing) | windows


def header_folders(tools: Tools, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders in which a compiler with its own libc finds that libc's headers.

    With ``-v`` the compiler prints its folders; that of its own headers is left out::

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
    """One installed compiler.

    ``name`` is that of its family; ``version`` is its release; ``program`` is its absolute path;
    ``origin`` says where it was found.
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

        :raises ToolError: it cannot build for it; the message is only the reason
        """

    def driver_version(self) -> str:
        """Return the version of the compiler that :attr:`Tools.word` names, or ""."""

    def strengths(self, wanted: Wanted) -> str:
        """Return why to choose it, for people."""


class Family(Protocol):
    """The members of a compiler's module.

    ``NAME`` is what ``--cc`` calls it; ``BY_TABLE`` says whether the table tells what it can build
    for, so that no trial is needed.
    """

    @property
    def NAME(self) -> str: ...  # noqa: D102, N802 - above

    @property
    def BY_TABLE(self) -> bool: ...  # noqa: D102, N802 - above

    def find(self, wanted: Wanted, environment: Mapping[str, str]) -> Compiler:
        """Return the installed compiler.

        :raises ToolError: there is none; the message says which commands were looked for
        """

    def remedy(self, wanted: Wanted, *, installed: bool = False) -> str:
        """Return how to get one that can build for the target, or "" if there is none.

        :param installed: whether the compiler is installed already, but cannot build for the target
        """


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
        raise ToolError(telling(error.said) or error.message) from error


def telling(text: str) -> str:
    r"""Return the line of a compiler's output that says what is wrong.

    >>> telling("x.c:1:1: warning: y\nclang: error: linker command failed\nld: cannot find crt1.o")
    'ld: cannot find crt1.o'
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


def by_libc(group: object, target: Target) -> str | None:
    """Return the target's name in a group of the table, which may have one for each libc."""
    found: str | None = (
        getattr(group, c_library.of(target.libc), None) if target.row.triple.libc else None
    )
    return found or getattr(group, "target", None)


def newer_than_floor(wanted: Wanted) -> None:
    """Refuse a floor for which the libc that the compiler links is not known to be old enough.

    :raises ToolError: the libc is too new, or of unknown version
    """
    if wanted.floor is None:
        return
    found = None if wanted.sysroot is None else wanted.sysroot.glibc
    if found is None or numbers(found) > numbers(wanted.floor):
        version = found or "of unknown version"
        raise ToolError(
            f"links the libc of its sysroot ({version}), not glibc {wanted.floor} or older"
        )
