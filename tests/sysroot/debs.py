"""Packages that are made for a test: any member that a tar can have."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Member:
    """One member of a package: a file with *content*, or what *kind* says (``tarfile.DIRTYPE``, ``SYMTYPE`` …)."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    target: str = ""
    mode: int = 0o644


def deb(path: Path, members: Iterable[Member], control: str = "", compression: str = "xz") -> Path:
    """Write a package with these members, in this order."""
    folder = path.with_suffix(".parts")
    folder.mkdir()
    (folder / "debian-binary").write_text("2.0\n")
    _tar(
        folder / f"control.tar.{compression}", [Member("./control", control.encode())], compression
    )
    _tar(folder / f"data.tar.{compression}", members, compression)
    names = ["debian-binary", f"control.tar.{compression}", f"data.tar.{compression}"]
    subprocess.run(
        ["ar", "rc", path.resolve(), *names], cwd=folder, check=True, capture_output=True
    )
    return path


def _tar(path: Path, members: Iterable[Member], compression: str) -> None:
    with tarfile.open(path, f"w:{compression}", format=tarfile.GNU_FORMAT) as tar:  # type: ignore[call-overload]
        for member in members:
            info = tarfile.TarInfo(member.name)
            info.type, info.linkname, info.mode, info.size, info.mtime = (
                member.kind,
                member.target,
                member.mode,
                len(member.content),
                1,
            )
            tar.addfile(info, io.BytesIO(member.content))
