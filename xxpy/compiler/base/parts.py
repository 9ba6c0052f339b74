"""The parts of the ``ziglang`` wheel: what zig makes for a target when it links a program, read from what it says of it.

``zig clang`` is clang's own driver and ``zig ld.lld`` is lld, but neither knows a libc. zig makes
start files, libc, compiler-rt, libunwind and libc++ when it links, and says where they are when it
is asked to (``ZIG_VERBOSE_LINK``, ``ZIG_VERBOSE_CC``)::

    …/zig clang p.c -target aarch64-unknown-linux5.10.0-gnu2.28.0 -D__GLIBC_MINOR__=28 -isystem …/lib/libc/include/aarch64-linux-gnu …
    ld.lld -m aarch64linux -o p /home/me/.cache/zig/o/391c…/crt1.o … /home/me/.cache/zig/o/cb9a…/libc.so.6 …

The words are not quoted, so folders whose names have spaces are marked before a line is split.
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

_SOURCES: Final = {"c": ("p.c", '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n'),
                   "c++": ("p.cc", "#include <iostream>\nint main() { std::cout << 1; }\n")}  # fmt: skip
_LINKERS: Final = frozenset({"ld.lld", "lld-link", "wasm-ld"})
_DRIVERS: Final = {"c": "cc", "c++": "c++"}
_FOLDER: Final = re.compile(r'^    \.lib_dir = "(.*)",$', re.MULTILINE)
_CACHE: Final = "ZIG_GLOBAL_CACHE_DIR"
_OWN: Final = ("zig", "ld")
"""How zig calls its own linker."""
_WANTED: Final = ("-D_LIBC", "-D__GLIBC_", "-D__MSVCRT", "-D_WIN32_WINNT")
_MARK: Final = "\0"
_PART: Final = re.compile(r"\.(?:o|obj|a|lib|tbd|so(?:\.\d+)*)$")


@dataclass(frozen=True, slots=True)
class Parts:
    """What zig said of one link.

    :param link: the words of the last line for the linker; those before it make parts of libc
    :param compile: the words of the line that compiles the program
    :param folders: where zig has its own files and its cache
    """

    link: tuple[str, ...]
    compile: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """The start files and libraries, in the order of the link, without the program's own object."""
        own = tuple(
            word for word in self.link if word.startswith(self.folders) and _PART.search(word)
        )
        return tuple(Path(word) for word in own if not Path(word).name.startswith("p."))

    @property
    def headers(self) -> tuple[Path, ...]:
        """The folders of headers of libc and of the system, the strongest first, without those of the compiler and of C++."""
        folders = [
            Path(word)
            for before, word in zip(self.compile, self.compile[1:], strict=False)
            if before == "-isystem"
        ]
        return tuple(folder for folder in folders if "libc" in folder.parts)

    @property
    def definitions(self) -> tuple[str, ...]:
        """The macros that the headers want: which version of libc they describe, how libc++ was built."""
        return tuple(
            dict.fromkeys(
                word
                for word in self.compile
                if word.startswith(("-D_LIBC", "-D__GLIBC_", "-D__MSVCRT", "-D_WIN32_WINNT"))
            )
        )


def _cache(environment: Mapping[str, str]) -> str:
    """Return where zig has its cache, as it finds that itself."""
    home = (
        environment.get("XDG_CACHE_HOME")
        or f"{environment.get('HOME') or tempfile.gettempdir()}/.cache"
    )
    return environment.get(_CACHE) or f"{home}/zig"


def find(program: str, environment: Mapping[str, str]) -> Zig:
    """Return a zig with its folders; no folder is made for that.

    :raises ToolError: it does not answer as a zig does
    """
    version = programs.answer([program, "version"], environment).strip()
    # Asked where its files are, zig makes its cache, and where it cannot it may try without an end.
    found = _FOLDER.search(
        programs.answer([program, "env"], {**environment, _CACHE: tempfile.gettempdir()})
    )
    if found is None:
        raise ToolError(
            f"{program} {version} does not say where its files are",
            f"{extras.command('zig')} brings a version that does",
        )
    return Zig(program, version, (found[1], _cache(environment)))


def ask(maker: Maker, words: Sequence[str], language: str, work: Path) -> Parts:
    """Link a program in *work* and return what zig said of it.

    :param words: what zig is told besides the target, such as ``-static``
    :param language: ``c`` or ``c++``
    :raises ToolError: zig cannot link for the target
    """
    zig = maker.zig
    name, text = _SOURCES[language]
    (work / name).write_text(text)
    command = [
        zig.program,
        _DRIVERS[language],
        *maker.order.words,
        "-fno-sanitize=undefined",
        "-s",
        *words,
        name,
        "-o",
        "p.out",
    ]
    verbose = {
        **maker.environment,
        _CACHE: zig.folders[1],
        "ZIG_VERBOSE_LINK": "1",
        "ZIG_VERBOSE_CC": "1",
    }
    done = programs.watch(command, maker.tick, environment=verbose, folder=str(work))
    lines = [_split(line, zig.folders) for line in done.errors.splitlines()]
    if done.status != 0:
        said = [
            line
            for line in done.errors.splitlines()
            if ": error:" in line or line.startswith("error:")
        ]
        raise ToolError(
            f"zig {zig.version} cannot link for {maker.order.target}: {said[0] if said else 'it does not say why'}"
        )
    links = [line for line in lines if Path(line[0]).name in _LINKERS or line[:2] == _OWN]
    compiled = [line for line in lines if line[1:2] == ("clang",) and name in line]
    if not compiled:
        raise ToolError(
            f"zig {zig.version} does not say how it compiles: xxpy does not know its layout",
            extras.command("zig"),
        )
    return Parts(links[-1] if links else (), compiled[-1], zig.folders)


def _split(line: str, folders: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a line in which names of *folders* may have spaces."""
    for number, folder in enumerate(folders):
        line = line.replace(folder + os.sep, f"{_MARK}{number}{os.sep}")
    words = line.split(" ")
    return tuple(
        re.sub(f"{_MARK}(\\d+)", lambda found: folders[int(found[1])], word) for word in words
    )
