"""Layers: tar archives whose bytes depend only on the files in them."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from xxpy.errors import OutputError, UsageError
from xxpy.machine import shortage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MEDIA_TYPE: Final = "application/vnd.oci.image.layer.v1.tar+gzip"
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a layer.

    :param path: where it is in the image, absolute and without ``..``
    :param source: the file on this machine, or the bytes themselves
    :param executable: whether its mode is 0755 and not 0644
    """

    path: PurePosixPath
    source: Path | bytes
    executable: bool


def entry(path: str, source: Path) -> Entry:
    """Return the entry that puts *source* at *path* in the image, executable if *source* is.

    :raises UsageError: *path* is not absolute, or leaves the image by ``..``
    """
    place = PurePosixPath(path)
    if not place.is_absolute() or ".." in place.parts or place == PurePosixPath("/"):
        raise UsageError(
            f"{path!r} is not a path in an image", "write an absolute path, such as /etc/app.toml"
        )
    return Entry(place, source, os.access(source, os.X_OK))


def write(entries: Iterable[Entry], out: IO[bytes], created: int) -> str:
    """Write a compressed layer, and return its *diffID*, the digest of the uncompressed archive.

    :param created: seconds since 1970, the time of every entry
    :raises OutputError: a file cannot be read
    """
    digest = _Digest(
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=out, mtime=0)
    )
    with digest.out, tarfile.open(fileobj=digest, mode="w|", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload] # it needs only write
        for path, found in _with_folders(entries):
            member = tarfile.TarInfo(str(path).lstrip("/"))
            member.mtime = created
            if found is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(member)
                continue
            member.mode = 0o755 if found.executable else 0o644
            try:
                with (
                    io.BytesIO(found.source)
                    if isinstance(found.source, bytes)
                    else found.source.open("rb") as file
                ):
                    member.size = file.seek(0, os.SEEK_END)
                    file.seek(0)
                    archive.addfile(member, file)
            except OSError as error:
                if shortage.of_error(error):
                    raise
                raise OutputError(
                    f"{found.source!s} cannot be put into the image: {error.strerror}"
                ) from error
    return f"sha256:{digest.hash.hexdigest()}"


def _with_folders(entries: Iterable[Entry]) -> Iterator[tuple[PurePosixPath, Entry | None]]:
    """Yield every entry and the folders above it, sorted."""
    found: dict[PurePosixPath, Entry | None] = {}
    for one in entries:
        for folder in one.path.parents:
            if folder != PurePosixPath("/"):
                found.setdefault(folder, None)
        found[one.path] = one
    return iter(sorted(_checked(found).items()))


def _checked(found: Mapping[PurePosixPath, Entry | None]) -> Mapping[PurePosixPath, Entry | None]:
    """Refuse paths that would be both a file and a folder.

    :raises UsageError: there is one
    """
    for path, one in found.items():
        if one is not None and any(path in other.parents for other in found):
            raise UsageError(
                f"{path} would be both a file and a folder in the image",
                "choose another --directory or --add",
            )
    return found


class _Digest:
    """A file that hashes what goes through it."""

    def __init__(self, out: gzip.GzipFile) -> None:
        self.out = out
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self.out.write(data)
