"""Merge a base sysroot and the packages of a sysroot into one root of links.

libc, its headers and its start files come from the base, so that programs run on the oldest glibc
that was asked for; everything else comes from the sysroot. Build tools see one folder that stands
for the target's ``/``, so CMake, pkg-config and lld find the same file under the same name::

    usr/lib/aarch64-linux-gnu/libc.so        the base
    usr/lib/aarch64-linux-gnu/libz.so        the sysroot
    usr/lib/gcc/aarch64-linux-gnu/12/…       the sysroot
    usr/include/aarch64-linux-gnu/stdio.h    the base
    usr/include/zlib.h                       the sysroot
    include                                  usr/include/aarch64-linux-gnu of the sysroot

clang looks for headers in ``/usr/include/TRIPLE``, ``/include`` and ``/usr/include``, in this
order, so the base's come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import elf
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.compiler.compiler import Sysroot

_GCC: Final = "usr/lib/gcc"
_STANDARD_CXX: Final = ("libstdc++.so", "libstdc++.a")
_STEM: Final = re.compile(r"(lib[^.]+|[^.]+\.o)")
_START_FILE: Final = re.compile(r".*crt[^/]*\.o$")


@dataclass(frozen=True, slots=True)
class Merged:
    """The two parts of a merged root.

    :param base: the root of the base sysroot
    """

    base: Path
    sysroot: Sysroot

    def links(self) -> Iterator[tuple[str, Path]]:
        """Yield each link: its path in the merged root, and its target."""
        root, triple = self.sysroot.path, self.sysroot.debian_triple
        yield from self._libraries()
        if triple:
            yield from (
                (f"usr/lib/{path.name}", path)
                for path in _entries(root / "usr/lib")
                if path.name not in {triple, "gcc"}
            )
        yield from self._headers()
        gcc = self.gcc
        if gcc is not None:
            yield from ((f"{gcc}/{path.name}", path) for path in _entries(root / gcc))
        yield from (
            (name, root / name)
            for name in ("usr/share", "usr/local", "opt")
            if (root / name).is_dir()
        )

    def _libraries(self) -> Iterator[tuple[str, Path]]:
        """Yield the links in the folder of libraries: libc of the base, others of the sysroot."""
        root, triple = self.sysroot.path, self.sysroot.debian_triple
        left = elf.OF_GCC if self.gcc is not None else frozenset()
        own = [
            path
            for path in _entries(self.base / elf.LIBRARIES.removeprefix("root/"))
            if path.name not in left
        ]
        folder = f"usr/lib/{triple}" if triple else "usr/lib"
        yield from ((f"{folder}/{path.name}", path) for path in own)
        in_base = {stem[1] for path in own if (stem := _STEM.match(path.name))}
        elsewhere = {"gcc", "pkgconfig", triple}
        for path in _entries(root / folder):
            stem = _STEM.match(path.name)
            libc = _START_FILE.match(path.name) or (
                stem is not None and re.sub(r"-[\d.]+$", "", stem[1]) in in_base
            )
            if not libc and path.name not in elsewhere:
                yield f"{folder}/{path.name}", path
        yield f"{folder}/pkgconfig", root / folder / "pkgconfig"

    def _headers(self) -> Iterator[tuple[str, Path]]:
        """Yield the links to headers."""
        root, triple = self.sysroot.path, self.sysroot.debian_triple
        if not triple:
            yield "include", self.base / "usr/include"
            yield "usr/include", root / "usr/include"
            return
        own = _entries(self.base / "usr/include")
        yield from ((f"usr/include/{triple}/{path.name}", path) for path in own)
        yield f"usr/include/{triple}/c++", root / "usr/include" / triple / "c++"
        yield "include", root / "usr/include" / triple
        yield from (
            (f"usr/include/{path.name}", path)
            for path in _entries(root / "usr/include")
            if path.name != triple
        )

    @property
    def gcc(self) -> str | None:
        """The folder of GCC's runtime with libstdc++ below the sysroot's root, or None.

        If there is one, C++ programs use that libstdc++.
        """
        folders = sorted(
            (self.sysroot.path / _GCC).glob("*/*"),
            key=lambda path: numbers(path.name),
        )
        able = [path for path in folders if any((path / name).exists() for name in _STANDARD_CXX)]
        return str(able[-1].relative_to(self.sysroot.path)) if able else None

    def flags(self, root: Path) -> tuple[str, ...]:
        """Return the flags for a merged root at *root*, which follow those for the base."""
        gcc = self.gcc
        runtime = (
            ()
            if gcc is None
            else (
                f"--gcc-install-dir={root / gcc}",
                "-stdlib=libstdc++",
                "--rtlib=libgcc",
                "--unwindlib=libgcc",
            )
        )
        return (f"--sysroot={root}", *runtime)


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
