"""Open and create OCI layouts, as folders or archives."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy import bounds, tarballs
from xxpy.errors import IntegrityError, OutputError, UsageError
from xxpy.image.layout import MARK, Layout
from xxpy.machine import aside, files, shortage, temporary

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILES: Final = re.compile(r"oci-layout|index\.json|blobs/sha(?:256|512)/[0-9a-f]+")
"""The files that a layout consists of."""


_EXPECTED: Final = "name the folder or .tar file of an image, such as xxpy image writes"


@contextmanager
def opened(path: Path) -> Iterator[Layout]:
    """Yield the layout in a folder or an archive, which is unpacked to a temporary folder.

    :raises UsageError: there is no such file
    :raises IntegrityError: it is neither
    """
    if not path.exists():
        raise UsageError(f"no such layout or archive: {path}", _EXPECTED)
    if path.is_dir():
        if not (path / MARK).is_file():
            raise IntegrityError(
                f"{path} is not an OCI layout: {MARK} is missing",
                "skopeo copy docker://IMAGE oci:DIR creates one",
            )
        yield Layout(path, str(path))
        return
    with temporary.folder() as folder:
        try:
            with bounds.opened(path) as file, tarballs.opened(file, path.stat().st_size) as archive:
                _unpack(archive, folder)
        except (OSError, *tarballs.BROKEN) as error:
            if isinstance(error, OSError) and shortage.of_error(error):
                raise files.unwritable(folder, error) from error
            why = getattr(error, "strerror", None) or error
            raise IntegrityError(
                f"{path} is not an OCI layout or archive: {why}", _EXPECTED
            ) from error
        if not (folder / MARK).is_file():
            raise IntegrityError(
                f"{path} is not an OCI archive: {MARK} is missing",
                "with the containerd image store, docker save writes one",
            )
        yield Layout(folder, str(path))


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack the files of a layout, whose names are known; everything else is left out."""
    for member in tarballs.members(archive):
        path = PurePosixPath(member.name)
        content = (
            archive.extractfile(member) if member.isreg() and _FILES.fullmatch(str(path)) else None
        )
        if content is None:
            continue
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with content, place.open("wb") as file:
            shutil.copyfileobj(content, file)


@contextmanager
def created(output: Path, *, archive: bool) -> Iterator[Layout]:
    """Yield an empty layout, and put it at *output* at the end, whole or not at all.

    :raises OutputError: it cannot be written; an existing output is left as it was
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.is_dir() and not (output / MARK).is_file() and (archive or any(output.iterdir())):
            raise OutputError(f"{output} is a folder but not an OCI layout", "name another output")
        with aside.folder(output.parent) as place:
            layout = Layout(place.path / "layout", str(output))
            layout.folder.mkdir(mode=0o755)
            yield layout
            fresh = layout.folder
            if archive:
                fresh = place.path / "archive"
                _pack(layout.folder, fresh)
            aside.settle(fresh)
            _replace(fresh, output, place.path / "before")
            aside.settle_entry(output)
    except OSError as error:
        raise files.unwritable(output, error, "name another output") from error


def _replace(fresh: Path, output: Path, before: Path) -> None:
    """Replace the existing file or folder."""
    if output.is_dir() and not aside.exchange(fresh, output):
        output.replace(before)
    if not output.is_dir():
        fresh.replace(output)


def _pack(folder: Path, archive: Path) -> None:
    """Write a layout as an archive whose bytes depend only on the layout."""
    with tarfile.open(archive, "w", format=tarfile.USTAR_FORMAT) as out:
        for path in sorted(
            folder.rglob("*"), key=lambda path: os.fsencode(path.relative_to(folder))
        ):
            member = tarfile.TarInfo(path.relative_to(folder).as_posix())
            if path.is_dir():
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                out.addfile(member)
                continue
            member.size, member.mode = path.stat().st_size, 0o644
            with path.open("rb") as file:
                out.addfile(member, file)
