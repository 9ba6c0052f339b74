"""OCI layouts: folders and archives of blobs, each named by the digest of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import IntegrityError
from xxpy.machine import shortage

if TYPE_CHECKING:
    from collections.abc import Callable

INDEX: Final = "application/vnd.oci.image.index.v1+json"
MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
CONFIG: Final = "application/vnd.oci.image.config.v1+json"
INDEXES: Final = (INDEX, "application/vnd.docker.distribution.manifest.list.v2+json")
MANIFESTS: Final = (MANIFEST, "application/vnd.docker.distribution.manifest.v2+json")

NAME_ANNOTATION: Final = "io.containerd.image.name"
"""The annotation from which ``docker load`` and ``ctr image import`` take an image's name."""
TAG_ANNOTATION: Final = "org.opencontainers.image.ref.name"

LAYOUT: Final = b'{"imageLayoutVersion":"1.0.0"}'
MARK: Final = "oci-layout"
_MOST: Final = 4 << 20
"""The maximum size of a manifest or index; registries must accept as much."""

_CHUNK: Final = 1 << 20
_DIGEST: Final = re.compile(
    r"(?P<algorithm>sha256|sha512):(?P<value>[0-9a-f]{64}(?:[0-9a-f]{64})?)"
)

Descriptor = dict[str, Any]
"""Identifies a blob by media type, digest and size; may have a platform and annotations."""


def compact(document: object) -> bytes:
    """Return a JSON document as it is hashed: sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout in a folder.

    :param folder: the folder with ``oci-layout``, ``index.json`` and ``blobs``
    :param name: what the user called it
    """

    folder: Path
    name: str

    def path(self, descriptor: Descriptor) -> Path:
        """Return the path of a blob.

        :raises IntegrityError: the descriptor has no digest of a kind that the specification
            names
        """
        found = _DIGEST.fullmatch(str(descriptor.get("digest", "")))
        if found is None:
            raise IntegrityError(
                f"{self.name}: {bounds.shown(descriptor.get('digest'))} is not a digest",
                "this is not an OCI layout",
            )
        return self.folder / "blobs" / found["algorithm"] / found["value"]

    def index(self) -> dict[str, Any]:
        """Return ``index.json``."""
        path = self.folder / "index.json"
        return self._document(path, self._data(path))

    def document(self, descriptor: Descriptor) -> dict[str, Any]:
        """Return the document that a descriptor identifies, after comparing its digest.

        :raises IntegrityError: it is missing, changed, or not a JSON object
        """
        path = self.path(descriptor)
        data = self._data(path)
        if hashlib.new(path.parent.name, data).hexdigest() != path.name:
            raise self._changed(descriptor)
        return self._document(path, data)

    def _changed(self, descriptor: Descriptor) -> IntegrityError:
        return IntegrityError(
            f"{self.name}: the blob {descriptor['digest']} does not match its digest",
            "make the layout again",
        )

    def _data(self, path: Path) -> bytes:
        try:
            return bounds.data(self._inside(path), _MOST)
        except (OSError, bounds.Refused) as error:
            raise self._unreadable(path, error) from error

    def _unreadable(self, path: Path, error: Exception) -> IntegrityError:
        reason = getattr(error, "strerror", None) or error
        return IntegrityError(
            f"{self.name}: {path.name} cannot be read: {reason}", "the OCI layout is incomplete"
        )

    def _inside(self, path: Path) -> Path:
        """Return where a file of the layout is.

        :raises IntegrityError: a link leads out of the layout
        """
        place = Path(os.path.realpath(path))
        if not place.is_relative_to(os.path.realpath(self.folder)):
            raise IntegrityError(
                f"{self.name}: {path.name} is a link that leads out of the layout",
                "copy the layout with its blobs: skopeo copy",
            )
        return place

    def _document(self, path: Path, data: bytes) -> dict[str, Any]:
        """Return a JSON object.

        :raises IntegrityError: it is something else
        """
        try:
            found = bounds.from_json(data)
        except bounds.Refused as error:
            raise self._unreadable(path, error) from error
        if not isinstance(found, dict):
            raise IntegrityError(
                f"{self.name}: {path.name} is not a JSON object", "this is not an OCI layout"
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
        """Copy a blob from another layout."""
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

        :raises IntegrityError: it is missing, changed, or outside the layout
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
        """Write the files that make the folder a layout."""
        (self.folder / MARK).write_bytes(LAYOUT)
        (self.folder / "index.json").write_bytes(
            compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests})
        )
