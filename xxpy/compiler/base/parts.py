"""Find the parts that the ``ziglang`` wheel makes for a target, from zig's verbose output.

``zig clang`` is clang's own driver and ``zig ld.lld`` is lld, but neither knows a libc. When zig
links a program, it makes start files, libc, compiler-rt, libunwind and libc++, and with
``ZIG_VERBOSE_LINK`` and ``ZIG_VERBOSE_CC`` it prints where they are::

    …/zig clang p.c -target aarch64-unknown-linux5.10.0-gnu2.28.0 -D__GLIBC_MINOR__=28 -isystem …
    ld.lld -m aarch64linux -o p /home/me/.cache/zig/o/391c…/crt1.o … …/cb9a…/libc.so.6 …

zig does not quote the words, so folders whose names have spaces are marked before a line is split.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.compiler.base.order import Zig
from xxpy.errors import ToolError
from xxpy.machine import programs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.compiler.base.order import Maker

_SOURCES: Final = {
    "c": ("p.c", '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n'),
    "c++": ("p.cc", "#include <iostream>\nint main() { std::cout << 1; }\n"),
}
_LINKERS: Final = frozenset({"ld.lld", "lld-link", "wasm-ld"})
_DRIVERS: Final = {"c": "cc", "c++": "c++"}
_FOLDER: Final = re.compile(r'^    \.lib_dir = "(.*)",$', re.MULTILINE)
_PROGRAM: Final = re.compile(r'^    \.zig_exe = "(.*)",$', re.MULTILINE)
_CACHE: Final = "ZIG_GLOBAL_CACHE_DIR"
_OWN: Final = ("zig", "ld")
"""The first words of a line for zig's own linker."""
_WANTED: Final = (
    *("-D_LIBC", "-D__GLIBC_", "-D__MSVCRT", "-D_WIN32_WINNT"),
    *("-D__FreeBSD_version", "-D__NetBSD_Version__", "-D___OpenBSD", "-DOpenBSD"),
)
"""The macros that zig's headers do not define, because zig defines them."""
_VERSIONED: Final = re.compile(r"[^-]+-[^-]+-[a-z]+(?P<version>\d+)[\d.]*(?:-.*)?")
"""A target with the version of its system: ``x86_64-unknown-freebsd14.0.0-unknown``."""
_GLIBC: Final = re.compile(r'\.glibc = \.\{[^}]*"(\d+\.\d+)[\d.]*",\s*\}')
"""The last release in the list of ``zig targets``."""
_MARK: Final = "\0"
_PART: Final = re.compile(r"\.(?:o|obj|a|lib|tbd|so(?:\.\d+)*)$")


@dataclass(frozen=True, slots=True)
class Parts:
    """What zig printed about one link.

    :param link: the words of the last line for the linker; earlier lines link parts of libc
    :param compile: the words of the line that compiles the program
    :param folders: the folders of zig's own files and of its cache
    """

    link: tuple[str, ...]
    compile: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The start files and libraries in the order of the link, without the program's object."""
        own = tuple(
            word for word in self.link if word.startswith(self.folders) and _PART.search(word)
        )
        return tuple(Path(word) for word in own if not Path(word).name.startswith("p."))

    @property
    def headers(self) -> tuple[Path, ...]:
        """The folders with headers of libc and of the system, in the order in which clang looks.

        Those of the compiler and of C++ are left out.
        """
        folders = [
            Path(word)
            for before, word in zip(self.compile, self.compile[1:], strict=False)
            if before == "-isystem"
        ]
        return tuple(folder for folder in folders if "libc" in folder.parts)

    @property
    def release(self) -> str:
        """The major version of the system that zig compiles for, or ""."""
        targets = zip(self.compile, self.compile[1:], strict=False)
        target = next((word for before, word in targets if before == "-target"), "")
        found = _VERSIONED.fullmatch(target)
        return found["version"] if found else ""

    @property
    def definitions(self) -> tuple[str, ...]:
        """The macros that say which version of libc headers describe and how libc++ was built."""
        return tuple(dict.fromkeys(word for word in self.compile if word.startswith(_WANTED)))


def _cache(environment: Mapping[str, str]) -> str:
    """Return the folder of zig's cache by zig's own rules."""
    home = (
        environment.get("XDG_CACHE_HOME")
        or f"{environment.get('HOME') or tempfile.gettempdir()}/.cache"
    )
    return environment.get(_CACHE) or f"{home}/zig"


def find(program: str, environment: Mapping[str, str]) -> Zig:
    """Return a zig with its folders, without making any.

    :raises ToolError: it does not answer as zig does
    """
    version = programs.answer([program, "version"], environment).strip()
    # `zig env` makes the cache, and where it cannot, it may try forever.
    given = {**environment, _CACHE: tempfile.gettempdir()}
    said = programs.answer([program, "env"], given)
    itself = _PROGRAM.search(said)
    if itself is not None and os.path.realpath(itself[1]) != os.path.realpath(program):
        # It only starts another zig, so nothing about it can be remembered.
        version = programs.output([program, "version"], environment=environment).strip()
        said = programs.output([program, "env"], environment=given)
    found = _FOLDER.search(said)
    if found is None:
        raise ToolError(
            f"{program} {version} does not say where its files are",
            f"{extras.command('zig')} installs a version that does",
        )
    return Zig(program, version, (found[1], _cache(environment)))


def newest_glibc(maker: Maker) -> str:
    """Return the newest release of glibc that zig links for, such as ``2.43``.

    :raises ToolError: zig does not say
    """
    said = programs.answer([maker.zig.program, "targets"], maker.environment)
    found = _GLIBC.search(said)
    if found is None:
        raise ToolError(f"{maker.zig.program} does not say which releases of glibc it knows")
    return found[1]


def ask(maker: Maker, words: Sequence[str], language: str, work: Path) -> Parts:
    """Link a program in *work* and return what zig printed about it.

    :param words: further arguments, such as ``-static``
    :param language: ``c`` or ``c++``
    :raises ToolError: zig cannot link for the target
    """
    zig = maker.zig
    name, text = _SOURCES[language]
    (work / name).write_text(text)
    flags = (*maker.order.words, "-fno-sanitize=undefined", "-s", *words)
    command = [zig.program, _DRIVERS[language], *flags, name, "-o", "p.out"]
    verbose = {
        **maker.environment,
        _CACHE: zig.folders[1],
        "ZIG_VERBOSE_LINK": "1",
        "ZIG_VERBOSE_CC": "1",
    }
    done = programs.watch(command, maker.tick, environment=verbose, folder=str(work))
    if done.status != 0:
        errors = (
            line
            for line in done.errors.splitlines()
            if ": error:" in line or line.startswith("error:")
        )
        reason = next(errors, "it does not say why")
        raise ToolError(f"zig {zig.version} cannot link for {maker.order.target}: {reason}")
    lines = [_split(line, zig.folders) for line in done.errors.splitlines()]
    links = [line for line in lines if Path(line[0]).name in _LINKERS or line[:2] == _OWN]
    compiled = [line for line in lines if line[1:2] == ("clang",) and name in line]
    if not compiled:
        raise ToolError(
            f"zig {zig.version} does not print how it compiles: xxpy does not know its layout",
            f"{extras.command('zig')} installs a version that xxpy knows",
        )
    return Parts(links[-1] if links else (), compiled[-1], zig.folders)


def _split(line: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a line in which the names of *folders* may have spaces."""
    for number, folder in enumerate(folders):
        line = line.replace(folder + os.sep, f"{_MARK}{number}{os.sep}")
    words = line.split(" ")
    return tuple(
        re.sub(f"{_MARK}(\\d+)", lambda found: folders[int(found[1])], word) for word in words
    )
