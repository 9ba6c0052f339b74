"""Read and check the documents of a layout, which other programs and other people wrote.

Only the keys that xxpy reads are checked. The number of documents is limited, because an index may
list another index, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import IntegrityError
from xxpy.image.layout import INDEXES, MANIFESTS, NAME_ANNOTATION, TAG_ANNOTATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.image.layout import Descriptor, Layout

_DEPTH: Final = 4
"""How deep indexes may be nested."""

_MOST: Final = 4096
"""The maximum number of descriptors that are read."""

_STRINGS: Final = ("Env", "Cmd", "Entrypoint")
_OBJECTS: Final = ("ExposedPorts", "Labels", "Volumes")


@dataclass(frozen=True, slots=True)
class Listed:
    """A manifest in a layout.

    :param descriptor: its descriptor
    :param index: the digest of the index that lists it, or "" if the layout itself lists it
    :param name: the name of the image, or ""
    """

    descriptor: Descriptor
    index: str
    name: str


def manifests(layout: Layout) -> Iterator[Listed]:
    """Yield the manifests of a layout and of the indexes in it, without attestations.

    :raises IntegrityError: a document is missing or malformed, or there are too many
    """
    waiting = [(layout.index(), "", "", 0)]
    count = 0
    while waiting:
        index, digest, name, depth = waiting.pop()
        inner = []
        for descriptor in _descriptors(index.get("manifests", []), layout):
            count += 1
            if count > _MOST:
                raise IntegrityError(
                    f"{layout.name} lists more than {_MOST} images, the limit of a layout"
                )
            annotations = descriptor.get("annotations") or {}
            title = annotations.get(NAME_ANNOTATION) or annotations.get(TAG_ANNOTATION) or name
            if descriptor.get("mediaType") in MANIFESTS:
                yield Listed(descriptor, digest, title)
            elif descriptor.get("mediaType") in INDEXES:
                if depth == _DEPTH:
                    name = layout.name
                    raise IntegrityError(
                        f"{name} has indexes nested deeper than {_DEPTH}, the limit of a layout"
                    )
                inner.append((layout.document(descriptor), descriptor["digest"], title, depth + 1))
        waiting += reversed(inner)


def manifest(layout: Layout, descriptor: Descriptor) -> dict[str, Any]:
    """Return a manifest, which has a ``config`` and ``layers``.

    :raises IntegrityError: it is missing, changed or malformed
    """
    found = layout.document(descriptor)
    _expect(isinstance(found.get("config"), dict), layout, "a manifest has no config")
    for layer in _descriptors(found.get("layers"), layout):
        _expect(
            type(layer.get("size")) is int and layer["size"] >= 0, layout, "a layer has no size"
        )
    return found


def config(layout: Layout, descriptor: Descriptor) -> dict[str, Any]:
    """Return the configuration of an image.

    :raises IntegrityError: it is missing, changed or malformed
    """
    found = layout.document(descriptor)
    _expect(isinstance(found.get("config") or {}, dict), layout, "config is not an object")
    _expect(isinstance(found.get("history") or [], list), layout, "history is not a list")
    root = found.get("rootfs") or {}
    _expect(
        isinstance(root, dict) and _is_strings(root.get("diff_ids") or []),
        layout,
        "rootfs.diff_ids is not a list of digests",
    )
    start = found.get("config") or {}
    for key in _STRINGS:
        _expect(_is_strings(start.get(key) or []), layout, f"config.{key} is not a list of strings")
    for key in _OBJECTS:
        _expect(isinstance(start.get(key) or {}, dict), layout, f"config.{key} is not an object")
    return found


def _descriptors(value: object, layout: Layout) -> list[Descriptor]:
    """Return a list of descriptors, checked.

    :raises IntegrityError: it is not one
    """
    if not isinstance(value, list):
        raise IntegrityError(
            f"{layout.name}: {bounds.shown(value)} is not a list of descriptors",
            "this is not an OCI layout",
        )
    for entry in value:
        whole = isinstance(entry, dict) and isinstance(entry.get("digest"), str)
        whole = (
            whole
            and isinstance(entry.get("mediaType", ""), str)
            and isinstance(entry.get("platform") or {}, dict)
        )
        if not whole or not _is_texts(entry.get("annotations") or {}):
            raise IntegrityError(
                f"{layout.name}: {bounds.shown(entry)} is not a descriptor",
                "this is not an OCI layout",
            )
    return value


def _expect(right: bool, layout: Layout, what: str) -> None:
    if not right:
        raise IntegrityError(f"{layout.name}: {what}", "the OCI layout is incomplete")


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


def platform_of(document: Mapping[str, Any]) -> str:
    """Return the platform that a descriptor or a configuration names, ``linux/arm/v7``, or ""."""
    return "/".join(
        filter(None, (str(document.get(key) or "") for key in ("os", "architecture", "variant")))
    )
