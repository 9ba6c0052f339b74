"""Write an image index: one manifest per platform, on an empty base or on that of a layout."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from xxpy.errors import IntegrityError, UnsupportedPlatformError
from xxpy.image import documents, layer
from xxpy.image.layout import (
    CONFIG,
    INDEX,
    MANIFEST,
    NAME_ANNOTATION,
    TAG_ANNOTATION,
    Layout,
    compact,
)
from xxpy.image.reference import full_name
from xxpy.image.store import created, opened
from xxpy.image.tree import Tree
from xxpy.table.platform import parse, select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xxpy.image.layer import Entry
    from xxpy.image.layout import Descriptor
    from xxpy.table.platform import Platform
    from xxpy.table.words import Vocabulary

CREATED_ANNOTATION: Final = "org.opencontainers.image.created"


@dataclass(frozen=True, slots=True)
class Settings:
    """How containers of the image start, and what the image says about itself.

    :param entrypoint: the program and its first arguments
    :param command: further arguments, which the user of the image may replace
    :param user: ``65532``, ``nobody``, ``65532:65532``
    :param ports: ``8080`` or ``8080/udp``
    :param created: seconds since 1970
    :param tags: names of the image
    """

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = ""
    workdir: str = ""
    ports: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    created: int = 0
    tags: tuple[str, ...] = ()

    @property
    def time(self) -> str:
        """The time of creation as RFC 3339 writes it."""
        return datetime.fromtimestamp(self.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Base:
    """The base of one platform's image: its layers and its configuration."""

    manifest: Mapping[str, Any]
    config: Mapping[str, Any]
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The image of one platform, before it is written.

    :param entries: the files to put on the base
    :param tree: all files, with those of the base
    :param config: how containers start
    """

    platform: Platform
    base: Base
    entries: tuple[Entry, ...]
    tree: Tree
    config: Mapping[str, Any]


def write(
    output: Path,
    contents: Mapping[Platform, Sequence[Entry]],
    settings: Settings,
    words: Vocabulary,
    *,
    base: Path | None = None,
    archive: bool = True,
    check: Callable[[Content], None] | None = None,
) -> str:
    """Write an image for several platforms and return the digest of its index.

    :param output: an archive, or a folder if not *archive*
    :param contents: the files of each platform
    :param base: an OCI layout or archive with an image for each platform; None is the empty image
    :param check: checks each platform's image before anything is written, and raises if it is
        wrong
    :raises IntegrityError: the base is not a layout
    :raises UnsupportedPlatformError: the base has no image for a platform
    :raises OutputError: the output cannot be written, or a file cannot be read
    """
    names = [full_name(tag) for tag in settings.tags]
    with ExitStack() as stack:
        below = None if base is None else stack.enter_context(opened(base))
        bases = {} if below is None else dict(_images(below, words))
        made = [
            _content(platform, entries, below, bases, settings, words)
            for platform, entries in contents.items()
        ]
        for content in made if check is not None else ():
            check(content)  # type: ignore[misc] # it is there
        target = stack.enter_context(created(output, archive=archive))
        layers: dict[tuple[Entry, ...], tuple[Descriptor, str]] = {}
        manifests = []
        for content in made:
            key = content.entries
            if key not in layers:
                layers[key] = _layer(target, key, settings.created)
            manifests.append(_manifest(target, content, layers[key], settings))
        annotations = {CREATED_ANNOTATION: settings.time, **settings.annotations}
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        descriptor = target.add(INDEX, compact({**document, "annotations": annotations}))
        target.finish(
            [
                {**descriptor, "annotations": {NAME_ANNOTATION: name, TAG_ANNOTATION: tag}}
                for name, tag in names
            ]
            or [descriptor]
        )
    return str(descriptor["digest"])


def _content(  # noqa: PLR0917 - what an image is made of
    platform: Platform,
    entries: Sequence[Entry],
    below: Layout | None,
    bases: Mapping[Platform, Descriptor],
    settings: Settings,
    words: Vocabulary,
) -> Content:
    """Return the image of one platform: the files on the layers of its base."""
    base = Base({"layers": []}, {}) if below is None else _base(below, bases, platform, words)
    tree = Tree(base.layout)
    for descriptor in base.manifest["layers"]:
        tree.add_layer(descriptor)
    placed = tree.placed(entries)
    tree.add(placed)
    return Content(platform, base, placed, tree, _config(base.config.get("config") or {}, settings))


def _layer(target: Layout, entries: tuple[Entry, ...], seconds: int) -> tuple[Descriptor, str]:
    """Store a layer; return its descriptor and its diffID."""
    found: list[str] = []

    def fill(out: IO[bytes]) -> None:
        found.append(layer.write(entries, out, seconds))

    descriptor = target.store(layer.MEDIA_TYPE, fill)
    return descriptor, found[0]


def _manifest(
    target: Layout, content: Content, own: tuple[Descriptor, str], settings: Settings
) -> Descriptor:
    """Store the manifest of one platform.

    :param own: the descriptor of the layer, and its diffID
    """
    platform, base = content.platform, content.base
    if base.layout is not None:
        for below in base.manifest["layers"]:
            target.copy(below, base.layout)
    about = {
        "os": platform.os,
        "architecture": platform.architecture,
        **({"variant": platform.variant} if platform.variant else {}),
    }
    history = [
        *(base.config.get("history") or ()),
        {"created": settings.time, "created_by": "xxpy image"},
    ]
    config = {
        **about,
        "created": settings.time,
        "config": content.config,
        "rootfs": {
            "type": "layers",
            "diff_ids": [*((base.config.get("rootfs") or {}).get("diff_ids") or ()), own[1]],
        },
        "history": history,
    }
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": target.add(CONFIG, compact(config)),
        "layers": [*base.manifest["layers"], own[0]],
        "annotations": {CREATED_ANNOTATION: settings.time, **settings.annotations},
    }
    return {**target.add(MANIFEST, compact(document)), "platform": about}


def _config(below: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Merge the settings into the configuration of the base.

    A new entrypoint removes the command of the base.
    """
    own = {
        "Entrypoint": list(settings.entrypoint),
        "Cmd": list(settings.command),
        "User": settings.user,
        "WorkingDir": settings.workdir,
        "ExposedPorts": {port if "/" in port else f"{port}/tcp": {} for port in settings.ports},
        "Labels": dict(settings.labels),
    }
    kept = {
        key: value for key, value in below.items() if not (key == "Cmd" and settings.entrypoint)
    }
    merged = {**kept, **{key: value for key, value in own.items() if value}}
    for key in ("ExposedPorts", "Labels"):
        if below.get(key) or own[key]:
            merged[key] = {**(below.get(key) or {}), **own[key]}  # type: ignore[dict-item] # both are objects
    if below.get("Env") or settings.environment:
        merged["Env"] = list(
            {
                text.partition("=")[0]: text
                for text in (*(below.get("Env") or ()), *settings.environment)
            }.values()
        )
    return merged


def _images(layout: Layout, words: Vocabulary) -> Iterator[tuple[Platform, Descriptor]]:
    """Yield the manifests of a layout by their platform."""
    for listed in documents.manifests(layout):
        descriptor = listed.descriptor
        about = descriptor.get("platform") or documents.config(
            layout, documents.manifest(layout, descriptor)["config"]
        )
        try:
            yield parse(documents.platform_of(about), words), descriptor
        except UnsupportedPlatformError:
            continue


def _base(
    layout: Layout, images: Mapping[Platform, Descriptor], platform: Platform, words: Vocabulary
) -> Base:
    """Return the image of a layout that a platform is based on.

    :raises IntegrityError: the layout has no image
    :raises UnsupportedPlatformError: it has none for the platform
    """
    if not images:
        raise IntegrityError(
            f"{layout.name} has no image", "name an OCI layout or archive with images"
        )
    chosen = select(images, platform, words)
    if chosen is None:
        raise UnsupportedPlatformError(
            f"{layout.name} has no image for {platform}", f"it has {', '.join(map(str, images))}"
        )
    manifest = documents.manifest(layout, images[chosen])
    return Base(manifest, documents.config(layout, manifest["config"]), layout)
