"""What a layout holds: its indexes, manifests, platforms and layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xxpy.image.layout import INDEXES, MANIFESTS, NAME_ANNOTATION, TAG_ANNOTATION, Layout, opened, platform_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Image:
    """One manifest.

    :param name: the name of the image, or "" without one
    :param index: the digest of the index that lists it, or "" where the layout lists it itself
    :param platform: as the manifest's descriptor or its configuration says
    :param layers: digest and size in bytes of each
    :param config: what containers start with
    """

    name: str
    index: str
    digest: str
    platform: str
    layers: tuple[tuple[str, int], ...]
    config: Mapping[str, Any]


def describe(path: Path) -> tuple[Image, ...]:
    """Return every manifest of an OCI layout or archive.

    :raises ConfigurationError: it is neither, or not whole
    """
    with opened(path) as layout:
        return tuple(_walk(layout, layout.index(), "", ""))


def _walk(layout: Layout, index: Mapping[str, Any], digest: str, name: str) -> Iterator[Image]:
    for descriptor in index.get("manifests", ()):
        annotations = descriptor.get("annotations") or {}
        title = annotations.get(NAME_ANNOTATION) or annotations.get(TAG_ANNOTATION) or name
        if descriptor.get("mediaType") in INDEXES:
            yield from _walk(layout, layout.document(descriptor), descriptor["digest"], title)
        elif descriptor.get("mediaType") in MANIFESTS:
            manifest = layout.document(descriptor)
            config = layout.document(manifest["config"])
            layers = tuple((below["digest"], below["size"]) for below in manifest["layers"])
            platform = platform_of(descriptor.get("platform") or config)
            yield Image(title, digest, descriptor["digest"], platform, layers, config.get("config") or {})
