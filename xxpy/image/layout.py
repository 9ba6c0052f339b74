"""OCI layouts: folders and archives of blobs, each named by the digest of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final

from xxpy import bounds, tarballs
from xxpy.errors import ConfigurationError, OutputError
from xxpy.machine import aside, files, shortage, temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INDEX: Final = "application/vnd.oci.image.index.v1+json"
MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
CONFIG: Final = "application/vnd.oci.image.config.v1+json"
INDEXES: Final = (INDEX, "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFESTS: Final = (MANIFEST, "application/vnd.docker.distribution.manifest.v2+json")

NAME_ANNOTATION: Final = "io.containerd.image.name"
"""What ``docker load`` and ``ctr image import`` name an image by (https://github.com/containerd/containerd)."""
TAG_ANNOTATION: Final = "org.opencontainers.image.ref.name"

LAYOUT: Final = b'{"imageLayoutVersion":"1.0.0"}'
_MARK: Final = "oci-layout"
_MOST: Final = 4 << 20
"""Bytes of a manifest or an index that are read at most; the specification asks registries for as much."""

_CHUNK: Final = 1 << 20
_DIGEST: Final = re.compile(
    r"(?P<algorithm>sha256|sha512):(?P<value>[0-9a-f]{64}(?:[0-9a-f]{64})?)"
)
_FILES: Final = re.compile(r"oci-layout|index\.json|blobs/sha(?:256|512)/[0-9a-f]+")
"""What a layout consists of."""

Descriptor = dict[str, Any]
"""What names a blob: ``mediaType``, ``digest``, ``size``, and perhaps ``platform`` and ``annotations``."""


def compact(document: object) -> bytes:
    """Return a JSON document as it is hashed: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that lies in a folder.

    :param folder: the folder with ``oci-layout``, ``index.json`` and ``blobs``
    :param name: what the user called it
    """

    folder: Path
    name: str

    def path(self, descriptor: Descriptor) -> Path:
        """Return where a blob lies.

        :raises ConfigurationError: the descriptor has no digest of a kind that the specification
            names
        """
        found = _DIGEST.fullmatch(str(descriptor.get("digest", "")))
        if found is None:
            raise ConfigurationError(
                f"{self.name}: {bounds.shown(descriptor.get('digest'))} is no digest",
                "it is no OCI layout",
            )
        return self.folder / "blobs" / found["algorithm"] / found["value"]

    def index(self) -> dict[str, Any]:
        """Return ``index.json``."""
        path = self.folder / "index.json"
        return self._document(path, self._data(path))

    def document(self, descriptor: Descriptor) -> dict[str, Any]:
        """Return the manifest, index or configuration that a descriptor names, after comparing its digest.

        :raises ConfigurationError: missing, changed, or no JSON object
        """
        path = self.path(descriptor)
        data = self._data(path)
        if hashlib.new(path.parent.name, data).hexdigest() != path.name:
            raise self._changed(descriptor)
        return self._document(path, data)

    def _changed(self, descriptor: Descriptor) -> ConfigurationError:
        return ConfigurationError(
            f"{self.name}: the blob {descriptor['digest']} is not what its name says",
            "make the layout again",
        )

    def _data(self, path: Path) -> bytes:
        try:
            return bounds.data(self._inside(path), _MOST)
        except (OSError, bounds.Refused) as error:
            raise self._unreadable(path, error) from error

    def _unreadable(self, path: Path, error: Exception) -> ConfigurationError:
        reason = getattr(error, "strerror", None) or error
        return ConfigurationError(
            f"{self.name}: {path.name} cannot be read: {reason}", "it is no whole OCI layout"
        )

    def _inside(self, path: Path) -> Path:
        """Return where a file of the layout is.

        :raises ConfigurationError: a link leads out of the layout
        """
        place = Path(os.path.realpath(path))
        if not place.is_relative_to(os.path.realpath(self.folder)):
            raise ConfigurationError(
                f"{self.name}: {path.name} is a link out of the layout",
                "copy the layout with its blobs: skopeo copy",
            )
        return place

    def _document(self, path: Path, data: bytes) -> dict[str, Any]:
        try:
            found = bounds.from_json(data)
        except bounds.Refused as error:
            raise self._unreadable(path, error) from error
        if not isinstance(found, dict):
            raise ConfigurationError(
                f"{self.name}: {path.name} is no JSON object", "it is no OCI layout"
            )
        return found

    def add(self, media_type: str, data: bytes) -> Descriptor:
        """Store a blob and return its descriptor."""

        def fill(out: IO[bytes]) -> None:
            out.write(data)

        return self.store(media_type, fill)

    def store(self, media_type: str, fill: Callable[[IO[bytes]], None]) -> Descriptor:
        """Store what *fill* writes and return its descriptor."""
        blobs = self.folder / "blobs/sha256"
        blobs.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            fill(file)
            file.flush()
        fresh = Path(file.name)
        with fresh.open("rb") as whole:
            digest = hashlib.file_digest(whole, "sha256").hexdigest()
        size = fresh.stat().st_size
        fresh.chmod(0o644)
        fresh.replace(blobs / digest)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": size}

    def copy(self, descriptor: Descriptor, source: Layout) -> None:
        """Take a blob over from another layout."""
        target = self.path(descriptor)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        begin = source.path(descriptor)
        try:
            with bounds.opened(source._inside(begin)) as blob, target.open("wb") as out:
                digest = hashlib.new(target.parent.name)
                while data := blob.read(_CHUNK):
                    digest.update(data)
                    out.write(data)
        except (OSError, bounds.Refused) as error:
            if isinstance(error, OSError) and shortage.of_error(error):
                raise
            raise source._unreadable(begin, error) from error
        if digest.hexdigest() != target.name:
            raise source._changed(descriptor)

    def blob(self, descriptor: Descriptor) -> Path:
        """Return the file of a blob, after comparing its digest.

        :raises ConfigurationError: missing, changed, or outside the layout
        """
        path = self._inside(self.path(descriptor))
        try:
            with bounds.opened(path) as blob:
                digest = hashlib.new(path.parent.name)
                while data := blob.read(_CHUNK):
                    digest.update(data)
        except (OSError, bounds.Refused) as error:
            raise self._unreadable(path, error) from error
        if digest.hexdigest() != self.path(descriptor).name:
            raise self._changed(descriptor)
        return path

    def finish(self, manifests: list[Descriptor]) -> None:
        """Write what makes the folder a layout."""
        (self.folder / _MARK).write_bytes(LAYOUT)
        (self.folder / "index.json").write_bytes(
            compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests})
        )


@contextmanager
def opened(path: Path) -> Iterator[Layout]:
    """Yield the layout in a folder or an archive; an archive is unpacked aside for as long.

    :raises ConfigurationError: it is neither
    """
    if path.is_dir():
        if not (path / _MARK).is_file():
            raise ConfigurationError(
                f"{path} is no OCI layout: {_MARK} is missing",
                "skopeo copy docker://IMAGE oci:DIR makes one",
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
            raise ConfigurationError(
                f"{path} is no OCI layout or archive: {error}",
                "name a folder or a .tar file of one",
            ) from error
        if not (folder / _MARK).is_file():
            raise ConfigurationError(
                f"{path} is no OCI archive: {_MARK} is missing",
                "docker save writes one with the containerd image store",
            )
        yield Layout(folder, str(path))


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack the files of a layout; it has nothing but files, whose names are known."""
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
    """Yield an empty layout; at the end it is put to *output* as a folder or as an archive, whole or not at all.

    :raises OutputError: it cannot be written; what was there before is as it was
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if (
            output.is_dir()
            and not (output / _MARK).is_file()
            and (archive or any(output.iterdir()))
        ):
            raise OutputError(f"{output} is a folder that is no OCI layout", "name another output")
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
    """Put a file or folder in the place of the one that is there."""
    if output.is_dir() and not aside.exchange(fresh, output):
        output.replace(before)
    if not output.is_dir():
        fresh.replace(output)


def _pack(folder: Path, archive: Path) -> None:
    """Write a layout as an archive whose bytes depend on nothing but the layout."""
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
