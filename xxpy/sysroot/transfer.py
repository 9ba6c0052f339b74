"""Import and export sysroots: SDK folders and archives."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from xxpy import bounds, tarballs
from xxpy.binary import symbols
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.errors import IntegrityError, UsageError, VerificationError
from xxpy.machine import aside, files
from xxpy.machine.files import digest
from xxpy.sysroot import release, store
from xxpy.sysroot.check import start_files
from xxpy.sysroot.description import Sysroot, document, packages_from
from xxpy.sysroot.unpack import Rules, extract, inventory
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from pathlib import Path
    from tarfile import TarFile

    from xxpy.sysroot.description import Package
    from xxpy.table.model import Table
    from xxpy.table.target import Target

_RECORD: Final = "sysroot.json"
_MOST: Final = 1 << 24
"""The maximum size of the record in bytes."""

_FORMS: Final = {
    "distribution": re.compile(r"[a-z0-9][a-z0-9+.-]*(?::[a-z0-9][a-z0-9+.-]*)?"),
    "debian_triple": re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*"),
    "glibc": re.compile(r"[0-9]+(?:\.[0-9]+)*"),
    "libc": re.compile(r"[a-z0-9]+"),
}
_OPTIONAL: Final = frozenset({"glibc", "libc"})
_GLIBC: Final = "libc.so.6"
_LARGEST: Final = 64 << 20
"""The maximum size of a C library in bytes."""
_ROOT: Final = "root/"
_MODES: Final[dict[str, Literal["w", "w:xz"]]] = {".tar": "w", ".xz": "w:xz"}
"""How an archive is written, by the ending of its name."""
_ENDINGS: Final = (".tar", ".tar.xz")


def take(path: Path, name: str, target: Target, table: Table) -> Sysroot:
    """Take an SDK folder, or an archive that :func:`export` wrote, as a sysroot of *target*.

    A folder is used where it is and as it is. In an SDK, the sysroot is searched for by the layouts
    in ``toolchains/sdk.toml``.

    :raises UsageError: there is nothing to take
    :raises VerificationError: its files are for another platform
    """
    if path.is_file():
        return _unpack(path, target)
    if not path.is_dir():
        raise UsageError(
            f"no such folder: {path}",
            "xxpy sysroot import takes a folder, or an archive from xxpy sysroot export",
        )
    made = replace(describe(path, target, table), name=name)
    key = hashlib.sha256(bounds.encoded(f"import {name} {made.path}")).hexdigest()[:16]
    with store.locked(f"{store.folder(target.row).name}.{name}"):
        return store.build(target.row, name, key, lambda _: made, inventory)


def describe(path: Path, target: Target, table: Table) -> Sysroot:
    """Describe the sysroot in a folder, leaving the folder as it is.

    :raises UsageError: there is none in it
    :raises VerificationError: its files are for another platform
    """
    folder = _inside(path, target, table)
    triple = target.row.debian.triple if target.row.debian is not None else None
    multiarch = triple if triple is not None and (folder / "usr/lib" / triple).is_dir() else ""
    return Sysroot(
        folder.absolute(),
        path.name,
        "",
        multiarch,
        _glibc(folder, multiarch),
        _libc(folder, target),
    )


def _inside(path: Path, target: Target, table: Table) -> Path:
    """Return the sysroot in an SDK: the first folder with start files of the platform."""
    wrong: list[str] = []
    row = target.row
    for layout in table.layouts.values():
        for folder in sorted(path.glob(layout.pattern)) if layout.pattern != "." else [path]:
            if not (folder / layout.marker).exists():
                continue
            begin = start_files(folder) if row.elf is not None else []
            reasons = [
                reason for found in begin for reason in check(found, row, table, Requirements())
            ]
            if not reasons and (begin or row.elf is None):
                return folder
            wrong += reasons or [f"{folder} has no crt1.o"]
    if wrong:
        raise VerificationError(f"{path} is not a sysroot for {row.platform}", "\n".join(wrong[:3]))
    markers = ", ".join(dict.fromkeys(layout.marker for layout in table.layouts.values()))
    raise UsageError(f"no sysroot in {path}", f"name the folder that has one of {markers}")


def _glibc(folder: Path, multiarch: str) -> str | None:
    """Return the version of the glibc in a sysroot, or None."""
    for place in ("lib", "lib64", "usr/lib", "usr/lib64"):
        for path in (folder / place / multiarch / _GLIBC, folder / place / _GLIBC):
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                try:
                    return symbols.newest(bounds.data(path, _LARGEST), "GLIBC")
                except (OSError, bounds.Refused):
                    return None
    return None


def _libc(folder: Path, target: Target) -> str | None:
    """Return the libc whose loader is in a sysroot, or None."""
    loader = target.row.loader
    for libc in c_library.CHOICES:
        path = None if loader is None else getattr(loader, libc)
        if path is not None and os.path.lexists(folder / path.lstrip("/")):
            return libc
    return None


def export(sysroot: Sysroot, path: Path) -> None:
    """Write a sysroot to a tar archive, compressed according to its ending.

    The same sysroot gives the same bytes.

    :raises UsageError: the ending is unknown
    :raises OutputError: it cannot be written
    """
    if path.suffix not in _MODES:
        endings = ", ".join(_ENDINGS)
        raise UsageError(f"{path}: unknown kind of archive", f"expected one of: {endings}")
    try:
        with aside.file(path.parent) as fresh:
            _pack(sysroot, fresh.path, _MODES[path.suffix])
            fresh.path.chmod(0o644)
            aside.settle(fresh.path)
            fresh.path.replace(path)
    except OSError as error:
        raise files.unwritable(
            path, error, "name a file in a folder that can be written to"
        ) from error


def _pack(sysroot: Sysroot, path: Path, mode: Literal["w", "w:xz"]) -> None:
    """Write the record and all files of a sysroot, sorted."""
    with tarfile.open(path, mode) as tar:
        record = json.dumps(document(sysroot), indent=2).encode()
        info = tarfile.TarInfo(_RECORD)
        info.size = len(record)
        tar.addfile(info, io.BytesIO(record))
        for member in sorted(sysroot.path.rglob("*")):
            tar.add(
                member,
                f"{_ROOT}{member.relative_to(sysroot.path).as_posix()}",
                recursive=False,
                filter=_plain,
            )


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mode = 0o755 if info.isdir() or info.mode & 0o111 else 0o644
    if info.isdir() or info.issym():
        info.mtime = 0
    return info


@dataclass(frozen=True, slots=True)
class _Record:
    """The record of an archived sysroot, checked because its texts become names of folders."""

    distribution: str
    debian_triple: str
    glibc: str | None
    libc: str | None
    requested: tuple[str, ...]
    packages: tuple[Package, ...]

    @classmethod
    def of(cls, raw: object, where: str) -> _Record:
        """Return the record in a JSON document.

        :raises Refused: it is malformed
        """
        if not isinstance(raw, dict):
            raise bounds.Refused(f"{_RECORD} is not an object")
        for key, form in _FORMS.items():
            value = raw.get(key)
            if not (isinstance(value, str) and form.fullmatch(value)) and not (
                value is None and key in _OPTIONAL
            ):
                raise bounds.Refused(f"{_RECORD}: {key} is {bounds.shown(value)}")
        requested = raw.get("requested")
        if not isinstance(requested, list) or not all(isinstance(name, str) for name in requested):
            raise bounds.Refused(f"{_RECORD}: requested is not a list of names")
        texts = {key: raw.get(key) for key in _FORMS}
        return cls(
            **texts,  # type: ignore[arg-type]
            requested=release.packages(requested),
            packages=packages_from(raw.get("packages"), where),
        )


def _record(tar: TarFile, path: Path) -> _Record:
    """Return the record with which an archive begins.

    :raises UsageError: it has none
    """
    first = tar.next()
    content = (
        tar.extractfile(first)
        if first is not None and first.isreg() and first.name == _RECORD
        else None
    )
    if content is None:
        raise UsageError(f"{path} is not an archive of a sysroot", "xxpy sysroot export writes one")
    return _Record.of(bounds.from_json(bounds.read(content, _MOST)), str(path))


def _unpack(path: Path, target: Target) -> Sysroot:
    """Take an archive that :func:`export` wrote."""
    triple = target.row.debian.triple if target.row.debian is not None else None
    try:
        with bounds.opened(path) as file, tarballs.opened(file, path.stat().st_size) as tar:
            record = _record(tar, path)
            if record.debian_triple != triple:
                raise VerificationError(
                    f"{path} is a sysroot for {record.debian_triple}, not for {target.platform}"
                )
            name = record.distribution.replace(":", "-")

            def fill(root: Path) -> Sysroot:
                """Unpack the files into a folder, and describe it."""
                extract(tar, root, Rules(), _ROOT)
                return Sysroot(
                    root,
                    name,
                    record.distribution,
                    record.debian_triple,
                    record.glibc,
                    record.libc,
                    record.requested,
                    record.packages,
                )

            key = digest(path)[:16]
            with store.locked(f"{triple}.{name}"):
                return store.build(target.row, name, key, fill, inventory)
    except tarballs.BROKEN as error:
        raise IntegrityError(
            f"{path} is damaged, or not an archive of a sysroot: {error}",
            "xxpy sysroot export writes one",
        ) from error
