"""One root of a base sysroot and the packages of a sysroot beside it, as links.

libc, its headers and its start files are the base's, so that the floor of glibc holds; everything
else is the sysroot's. Build tools get one folder that stands for the target's ``/``: CMake,
pkg-config and lld then find the same file for the same name::

    usr/lib/aarch64-linux-gnu/libc.so -> the base          usr/lib/aarch64-linux-gnu/libz.so -> the sysroot
    usr/include/aarch64-linux-gnu/stdio.h -> the base      include -> the sysroot's usr/include/aarch64-linux-gnu
    usr/include/zlib.h -> the sysroot                      usr/lib/gcc/aarch64-linux-gnu/12/… -> the sysroot

clang looks into ``/usr/include/TRIPLE``, ``/include`` and ``/usr/include``, in this order, so the
base's headers come first.
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
    """What a merged root is made of.

    :param base: the root of the base sysroot
    """

    base: Path
    sysroot: Sysroot

    def links(self) -> Iterator[tuple[str, Path]]:
        """Yield each link: its path in the merged root, and where it leads."""
        root, words = self.sysroot.path, self.sysroot.debian_triple
        gcc = self.gcc
        left = elf.OF_GCC if gcc is not None else frozenset()
        own = [
            path
            for path in _entries(self.base / elf.LIBRARIES.removeprefix("root/"))
            if path.name not in left
        ]
        libraries = f"usr/lib/{words}" if words else "usr/lib"
        yield from ((f"{libraries}/{path.name}", path) for path in own)
        taken = {stem[1] for path in own if (stem := _STEM.match(path.name))}
        for path in _entries(root / libraries):
            stem = _STEM.match(path.name)
            libc = _START_FILE.match(path.name) or (
                stem is not None and re.sub(r"-[\d.]+$", "", stem[1]) in taken
            )
            if not libc and path.name not in {"gcc", "pkgconfig"} | ({words} if words else set()):
                yield f"{libraries}/{path.name}", path
        yield f"{libraries}/pkgconfig", root / libraries / "pkgconfig"
        if words:
            yield from (
                (f"usr/lib/{path.name}", path)
                for path in _entries(root / "usr/lib")
                if path.name not in {words, "gcc"}
            )
            yield from (
                (f"usr/include/{words}/{path.name}", path)
                for path in _entries(self.base / "usr/include")
            )
            yield f"usr/include/{words}/c++", root / "usr/include" / words / "c++"
            yield "include", root / "usr/include" / words
            yield from (
                (f"usr/include/{path.name}", path)
                for path in _entries(root / "usr/include")
                if path.name != words
            )
        else:
            yield "include", self.base / "usr/include"
            yield "usr/include", root / "usr/include"
        if gcc is not None:
            yield from ((f"{gcc}/{path.name}", path) for path in _entries(root / gcc))
        yield from (
            (name, root / name)
            for name in ("usr/share", "usr/local", "opt")
            if (root / name).is_dir()
        )

    @property
    def gcc(self) -> str | None:
        """The folder of GCC's runtime with libstdc++ in the sysroot, below its root; C++ uses that one where it is there."""
        folders = sorted(
            (self.sysroot.path / _GCC).glob("*/*"),
            key=lambda path: numbers(path.name),
        )
        able = [path for path in folders if any((path / name).exists() for name in _STANDARD_CXX)]
        return str(able[-1].relative_to(self.sysroot.path)) if able else None

    def flags(self, root: Path) -> tuple[str, ...]:
        """Return what clang is told of the merged root, which is at *root*, behind what it is told of the base."""
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
