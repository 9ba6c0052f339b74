"""``xxpy.toml``, or ``[tool.xxpy]`` in ``pyproject.toml``: what a user does not want to type again.

The keys are the fields of :class:`Configuration`, with dashes for underscores::

    platforms = ["linux/amd64", "linux/arm64"]
    arguments = ["-tags", "netgo"]

    [platform."linux/arm/v7"]
    environment = { GOARM = "7,softfloat" }

    [verify]
    glibc-max = "2.28"

The JSON schema in ``docs/xxpy.schema.json`` is generated from the same fields. An unknown key is an
error that names the nearest known one.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from xxpy import bounds
from xxpy.binary.verify import Requirements
from xxpy.errors import ConfigurationError, nearest
from xxpy.versions import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_Kind = TypeVar("_Kind")

FILE: Final = "xxpy.toml"
_MOST: Final = 1 << 20
"""Bytes of a file at most."""
_SHARED: Final = "pyproject.toml"


def _key(text: str, default: Any = None, *, factory: Any = MISSING) -> Any:  # noqa: ANN401 - a field of any type
    """Return a field with the text that the schema shows."""
    metadata = {"description": text}
    return (
        field(default=default, metadata=metadata)
        if factory is MISSING
        else field(default_factory=factory, metadata=metadata)
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``xxpy build`` and ``xxpy verify`` ask of a binary besides that it is one for its platform."""

    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    libc: str | None = _key("gnu or musl: whose interpreter programs for Linux must ask for.")
    glibc_max: str | None = _key("The newest glibc that may be needed, such as 2.28.")
    macos_max: str | None = _key("The newest macOS that may be asked for, such as 11.0.")
    float: str | None = _key("hard or soft: the float ABI, where it is stated.")
    x86_64_level: str | None = _key("The highest level of x86-64 that may be asked for: v1 to v4.")
    no_rpath: bool | None = _key("Whether a run path is refused.")
    needed_allow: tuple[str, ...] | None = _key(
        "The libraries that may be needed, as patterns such as libc.so.*; others are refused."
    )


@dataclass(frozen=True, slots=True)
class Sysroot:
    """Headers and libraries that the targets have: :class:`xxpy.sysroot.Spec`, or :class:`xxpy.sysroot.Added`."""

    name: str | None = _key(
        "A sysroot that is there already: as xxpy sysroot list shows it, or a folder; instead of the other keys."
    )
    distribution: str | None = _key(
        "Release whose packages they are, such as debian:bookworm; without it this machine's."
    )
    packages: tuple[str, ...] = _key(
        "Packages with headers and libraries, such as libssl-dev, as the distribution names them.",
        (),
    )
    updates: bool | None = _key(
        "Whether updates of the release are taken, those of its security among them; without it they are."
    )


@dataclass(frozen=True, slots=True)
class PerPlatform:
    """What is different for one platform."""

    arguments: tuple[str, ...] = _key(
        "Further arguments for the build tool, after those of all platforms.", ()
    )
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    sysroot: Sysroot | None = _key(
        "Headers and libraries of this platform, instead of those of all."
    )
    strategy: str | None = _key(
        "How this platform is built: native, cross, node or emulation; without it xxpy plan chooses."
    )
    verify: Verification | None = _key(
        "What is asked of its binaries instead of what is asked of all."
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A machine with a BuildKit, which builds its own platforms."""

    endpoint: str = _key(
        "Where it is: ssh://user@machine, tcp://machine:1234, or a Docker context.", ""
    )
    platforms: tuple[str, ...] = _key("Platforms that it builds for.", ())


@dataclass(frozen=True, slots=True)
class Image:
    """How the image of the project is built by BuildKit."""

    context: str = _key("Folder that the Dockerfile sees.", ".")
    dockerfile: str = _key("The Dockerfile, below the context.", "Dockerfile")
    target: str | None = _key("Stage to build; without it the last one.")
    tags: tuple[str, ...] = _key("Names of the image, such as ghcr.io/me/app:1.0.", ())
    cache: str | None = _key("Name of an image in a registry that keeps the build cache.")
    contexts: dict[str, str] = _key("Named contexts, such as xx for the commands.", factory=dict)
    arguments: dict[str, str] = _key("Build arguments.", factory=dict)
    attest: bool = _key("Whether provenance and an SBOM are attached.", True)  # noqa: FBT003 - the default of a key


@dataclass(frozen=True, slots=True)
class Configuration:
    """All keys, none of which need be there."""

    platforms: tuple[str, ...] = _key(
        "Platforms to build for: os/architecture[/variant], globs such as linux/*, exclusions such as !linux/386, or all.",
        (),
    )
    output: str | None = _key("Folder for the results, one folder a platform.")
    language: str | None = _key("Kind of project, where it is not clear from the files.")
    packages: tuple[str, ...] = _key(
        "Packages to build, such as ./cmd/server; without it every main package.", ()
    )
    arguments: tuple[str, ...] = _key("Further arguments for the build tool.", ())
    environment: dict[str, str] = _key("Further variables.", factory=dict)
    cgo: bool | None = _key("Whether Go may use C.")
    static: bool | None = _key("Whether programs for Linux and the BSDs must be static.")
    cc: str | None = _key("The C compiler: auto, clang, gcc or zig.")
    libc: str | None = _key(
        "The C library: gnu, musl, or gnu.2.28 for the oldest glibc that programs run on."
    )
    outputs: tuple[str, ...] = _key(
        "Globs of the results, below the folder of the build, where the project has no install step.",
        (),
    )
    run_tests: bool | None = _key("Whether the project's own tests run after the build.")
    jobs: int | None = _key("How many platforms are built at once.")
    keep_going: bool | None = _key("Whether the other platforms go on when one fails.")
    strategy: str | None = _key(
        "How foreign platforms are built: cross, node or emulation; without it xxpy plan chooses for each."
    )
    node: dict[str, Node] = _key(
        "Machines that build their own platforms, by a name.", factory=dict
    )
    image: Image = _key("How the image of the project is built by BuildKit.", factory=Image)
    verify: Verification | None = _key(
        "What is asked of every binary besides that it is one for its platform."
    )
    sysroot: Sysroot | None = _key(
        "Headers and libraries that the targets have: a distribution's packages."
    )
    platform: dict[str, PerPlatform] = _key(
        "What is different for one platform, by its name.", factory=dict
    )


def load(folder: Path) -> Configuration:
    """Return the configuration of the project in *folder*; without a file, an empty one.

    :raises ConfigurationError: both places are used, or a key or value is wrong
    """
    own, shared = folder / FILE, folder / _SHARED
    found = [(path, document) for path in (own, shared) if (document := _read(path)) is not None]
    if len(found) > 1:
        raise ConfigurationError(
            f"the project is configured twice: {own} and {shared} [tool.xxpy]", "keep one of them"
        )
    if not found:
        return Configuration()
    path, document = found[0]
    return _build(Configuration, document, path.name if path == own else f"{path.name}: tool.xxpy")


def exists(folder: Path) -> bool:
    """Whether there is a configuration in a folder; a ``pyproject.toml`` without ``[tool.xxpy]`` is none."""
    own = folder / FILE  # one that is no regular file is refused when it is read
    return (own.exists() and not own.is_dir()) or (
        (folder / _SHARED).is_file() and _read(folder / _SHARED) is not None
    )


def load_file(path: Path) -> Configuration:
    """Return the configuration in a file: its own, or a ``pyproject.toml`` with ``[tool.xxpy]``.

    :raises ConfigurationError: it is not there, has no such table, or a key or value is wrong
    """
    if not path.is_file():
        raise ConfigurationError(
            f"no such file: {path}",
            "--config names an xxpy.toml, or a pyproject.toml with [tool.xxpy]",
        )
    document = _read(path)
    if document is None:
        raise ConfigurationError(f"{path} has no table [tool.xxpy]", "name a file that has one")
    return _build(
        Configuration, document, path.name if path.name != _SHARED else f"{path.name}: tool.xxpy"
    )


_CHOICES: Final = {
    "libc": ("gnu", "musl"),
    "float": ("hard", "soft"),
    "x86_64_level": ("v1", "v2", "v3", "v4"),
}
_VERSIONS: Final = ("glibc_max", "macos_max")


def requirements(*layers: Verification | None) -> Requirements:
    """Lay what is asked of binaries over each other, the last the strongest, key by key.

    :raises ConfigurationError: a value is none of those that there are, or not a version
    """
    given: dict[str, Any] = {}
    for layer in layers:
        if layer is not None:
            given |= {
                known.name: value
                for known in fields(layer)
                if (value := getattr(layer, known.name)) is not None
            }
    for name, choices in _CHOICES.items():
        if given.get(name, choices[0]) not in choices:
            raise ConfigurationError(
                f"verify: {name.replace('_', '-')} is {given[name]!r}",
                f"known are {', '.join(choices)}",
            )
    for name in _VERSIONS:
        try:
            dotted(given.get(name, "1"))
        except ValueError as error:
            raise ConfigurationError(
                f"verify: {name.replace('_', '-')}: {error}",
                "write it as a string of numbers and dots",
            ) from error
    if "x86_64_level" in given:
        given["x86_64_level"] = int(given["x86_64_level"].removeprefix("v"))
    return Requirements(**given)


def _read(path: Path) -> dict[str, Any] | None:
    """Return the table of a file that is xxpy's, or None."""
    try:
        document = bounds.from_toml(bounds.text(path, _MOST))
    except FileNotFoundError:
        return None
    except (OSError, bounds.Refused) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error
    if path.name != _SHARED:
        return document
    tools = document.get("tool")
    section = tools.get("xxpy") if isinstance(tools, dict) else None
    if section is not None and not isinstance(section, dict):
        raise ConfigurationError(f"{path.name}: tool.xxpy: {bounds.shown(section)} is not a table")
    return section


def _named(kind: type) -> dict[str, Field[Any]]:
    return {known.name.replace("_", "-"): known for known in fields(kind)}


def _build(kind: type[_Kind], raw: dict[str, Any], where: str) -> _Kind:
    known = _named(kind)
    hints = typing.get_type_hints(kind)
    values = {}
    for key, value in raw.items():
        if key not in known:
            raise ConfigurationError(
                f"{where}: unknown key {key}",
                nearest(key, known) or f"known are {', '.join(known)}",
            )
        values[known[key].name] = _value(value, hints[known[key].name], f"{where}: {key}")
    return kind(**values)


def _plain(hint: Any) -> Any:  # noqa: ANN401 - a type, as typing gives it
    """Return the type without its None."""
    return next(
        (
            part
            for part in typing.get_args(hint)
            if typing.get_origin(hint) is types.UnionType and part is not types.NoneType
        ),
        hint,
    )


def _value(value: object, hint: Any, where: str) -> object:  # noqa: ANN401 - likewise
    wanted = _plain(hint)
    if wanted in {str, bool} and type(value) is wanted:
        return value
    if wanted is int and type(value) is int and value > 0:
        return value
    if is_dataclass(wanted) and isinstance(value, dict):
        return _build(typing.cast("type", wanted), value, where)
    if (
        typing.get_origin(wanted) is tuple
        and isinstance(value, list)
        and all(isinstance(part, str) for part in value)
    ):
        return tuple(value)
    if typing.get_origin(wanted) is dict and isinstance(value, dict):
        inner = typing.get_args(wanted)[1]
        if is_dataclass(inner):
            if all(isinstance(part, dict) for part in value.values()):
                return {
                    key: _build(typing.cast("type", inner), part, f"{where}.{key}")
                    for key, part in value.items()
                }
        elif all(isinstance(part, str) for part in value.values()):
            return dict(value)
    raise ConfigurationError(f"{where}: {bounds.shown(value)} is not {_words(wanted)}")


def _words(wanted: Any) -> str:  # noqa: ANN401 - likewise
    """Return what is wanted, for people."""
    names = {
        str: "a string",
        bool: "true or false",
        int: "a whole number above 0",
        tuple: "a list of strings",
    }
    known = names.get(typing.get_origin(wanted) or wanted)
    if known is not None:
        return known
    of_strings = typing.get_args(wanted)[1:] == (str,)
    return "a table of strings" if of_strings else "a table"


def schema(languages: Iterable[str]) -> dict[str, object]:
    """Return the JSON schema of ``xxpy.toml`` (https://json-schema.org/draft/2020-12).

    :param languages: the names that ``language`` may have
    """
    document = _schema(Configuration)
    properties = typing.cast("dict[str, dict[str, object]]", document["properties"])
    properties["language"]["enum"] = list(languages)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FILE, **document}


def descriptions() -> dict[str, str]:
    """Return each key of the file with what it means, in one line."""
    return {key: str(known.metadata["description"]) for key, known in _named(Configuration).items()}


def _schema(kind: type) -> dict[str, object]:
    hints = typing.get_type_hints(kind)
    properties = {
        key: {"description": known.metadata["description"], **_type(_plain(hints[known.name]))}
        for key, known in _named(kind).items()
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _type(wanted: Any) -> dict[str, object]:  # noqa: ANN401 - likewise
    if wanted is int:
        return {"type": "integer", "minimum": 1}
    simple = {str: "string", bool: "boolean"}
    if wanted in simple:
        return {"type": simple[wanted]}
    if typing.get_origin(wanted) is tuple:
        return {"type": "array", "items": {"type": "string"}}
    if is_dataclass(wanted):
        return _schema(typing.cast("type", wanted))
    inner = typing.get_args(wanted)[1]
    return {
        "type": "object",
        "additionalProperties": _schema(typing.cast("type", inner))
        if is_dataclass(inner)
        else {"type": "string"},
    }
