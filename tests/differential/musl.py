"""Alpine's packages of C for an architecture, made from Debian's musl, GCC and compiler-rt of that architecture."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.container.lab import debian
from tests.container.lab.place import folder
from tests.differential.alpine import Package

SUITE: Final = "bookworm"
GCC: Final = "12"
NEWER: Final = {"riscv64": ("trixie", "14", "19")}
"""The suite of an architecture that :data:`SUITE` does not have, and its releases of GCC and clang."""
SAME_ABI: Final = {"armhf": "armhf"}
"""Debian's architecture with the floating-point ABI of Alpine's, where that is not the one for the same processor."""
START_FILES: Final = ("crt*.o", "libgcc.a", "libgcc_eh.a")


def resource_folder() -> Path:
    """Return the folder in which this machine's clang keeps its own libraries."""
    return Path(
        subprocess.run(
            ["clang", "-print-resource-dir"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )


def _unpacked(architecture: str) -> Path:
    """Return Debian's packages for an architecture, as Debian names it, unpacked into a folder of the lab."""
    made = folder() / "musl" / architecture
    if not made.is_dir():
        part, state = (
            made.with_name(f"{architecture}.{ending}") for ending in ("part", "part.apt")
        )
        for place in (part, state):
            shutil.rmtree(place, ignore_errors=True)
        suite, gcc, clang = NEWER.get(
            architecture, (SUITE, GCC, resource_folder().name.split(".")[0])
        )
        debian.unpack(
            suite,
            architecture,
            ("musl", "musl-dev", f"libgcc-{gcc}-dev", f"libclang-rt-{clang}-dev"),
            part,
        )
        shutil.rmtree(state)
        part.rename(made)
    return made


def _files(place: Path, where: str, pattern: str = "**/*") -> dict[str, bytes | str]:
    return {
        f"{where}/{path.relative_to(place)}": path.read_bytes()
        for path in place.glob(pattern)
        if path.is_file() and not path.is_symlink()
    }


def packages(debian_name: str, alpine_name: str, triple: str) -> list[Package]:
    """Return musl, musl-dev, gcc and compiler-rt for an architecture.

    :param debian_name: Debian's name of the architecture
    :param alpine_name: Alpine's name of it
    :param triple: Alpine's triple of it
    """
    root = _unpacked(SAME_ABI.get(alpine_name, debian_name))
    (libc,) = (path for path in root.rglob("libc.so") if not path.is_symlink())
    (loader,) = (path.name for path in root.rglob("ld-musl-*.so.1"))
    (archive,) = root.glob("usr/lib/*/libc.a")
    (headers,) = root.glob("usr/include/*-linux-musl*")
    (gcc,) = root.glob("usr/lib/gcc/*/*")
    objects: dict[str, bytes | str] = {}
    for pattern in START_FILES:
        objects |= _files(gcc, f"usr/lib/gcc/{triple}/{gcc.name}", pattern)
    # That of Debian needs glibc; the compiler names it and takes what it needs.
    objects["usr/lib/libgcc_s.so"] = "GROUP ( -lgcc )\n"
    runtime: dict[str, bytes | str] = {}
    for pattern in ("libclang_rt.builtins-*.a", "clang_rt.crt*.o"):
        for path in root.glob(f"usr/lib/llvm-*/lib/clang/*/lib/linux/{pattern}"):
            runtime[f"{resource_folder().relative_to('/')}/lib/linux/{path.name}"] = (
                path.read_bytes()
            )
    return [
        Package(
            "musl",
            {
                f"lib/{loader}": libc.read_bytes(),
                f"lib/libc.musl-{alpine_name}.so.1": f"-> {loader}",
            },
            programs=[f"lib/{loader}"],
        ),
        Package(
            "musl-dev",
            {
                **_files(archive.parent, "usr/lib", "*.[ao]"),
                **_files(headers, "usr/include"),
                "usr/lib/libc.so": f"-> ../../lib/{loader}",
            },
            depends=["musl"],
        ),
        Package("gcc", objects, depends=["musl-dev"]),
        *([Package("compiler-rt", runtime)] if runtime else []),
    ]
