"""Describe a layout: its indexes, manifests, platforms and layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xxpy.image import documents
from xxpy.image.store import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.image.documents import Listed
    from xxpy.image.layout import Layout


@dataclass(frozen=True, slots=True)
class Image:
    """One manifest.

    :param name: the name of the image, or ""
    :param index: the digest of the index that lists it, or "" if the layout itself lists it
    :param platform: as the manifest's descriptor or its configuration names it
    :param layers: the digest and the size in bytes of each layer
    :param config: how containers start
    """

    name: str
    index: str
    digest: str
    platform: str
    layers: tuple[tuple[str, int], ...]
    config: Mapping[str, Any]


def describe(path: Path) -> tuple[Image, ...]:
    """Return every manifest of an OCI layout or archive.

    :raises IntegrityError: it is neither, or incomplete
    """
    with opened(path) as layout:
        return tuple(_image(layout, listed) for listed in documents.manifests(layout))


def _image(layout: Layout, listed: Listed) -> Image:
    """Describe the image of one manifest."""
    manifest = documents.manifest(layout, listed.descriptor)
    config = documents.config(layout, manifest["config"])
    layers = tuple((below["digest"], below["size"]) for below in manifest["layers"])
    platform = documents.platform_of(listed.descriptor.get("platform") or config)
    return Image(
        listed.name,
        listed.index,
        listed.descriptor["digest"],
        platform,
        layers,
        config.get("config") or {},
    )
