"""Find and read the configuration of a project."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.binary.requirements import Requirements
from xxpy.configuration.decode import build
from xxpy.configuration.keys import Configuration
from xxpy.errors import ConfigurationError
from xxpy.table import libc as c_library
from xxpy.versions import dotted

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.configuration.keys import Verification

FILE: Final = "xxpy.toml"
_SHARED: Final = "pyproject.toml"
_MOST: Final = 1 << 20
"""The largest file that is read, in bytes."""
_CHOICES: Final = {
    "libc": c_library.CHOICES,
    "float": ("hard", "soft"),
    "x86_64_level": ("v1", "v2", "v3", "v4"),
}
_VERSIONS: Final = ("glibc_max", "macos_max")


def load(folder: Path) -> Configuration:
    """Return the configuration of the project in *folder*, which is empty without a file.

    :raises ConfigurationError: both files have one, or a key or value is wrong
    """
    own, shared = folder / FILE, folder / _SHARED
    found = [(path, document) for path in (own, shared) if (document := _read(path)) is not None]
    if len(found) > 1:
        raise ConfigurationError(
            f"the project is configured twice: in {own} and in {shared} [tool.xxpy]",
            "keep one of them",
        )
    if not found:
        return Configuration()
    path, document = found[0]
    return build(Configuration, document, path.name if path == own else f"{path.name}: tool.xxpy")


def exists(folder: Path) -> bool:
    """Return whether a folder has a configuration; ``pyproject.toml`` needs ``[tool.xxpy]``."""
    own = folder / FILE  # if it is not a regular file, reading it fails
    return (own.exists() and not own.is_dir()) or (
        (folder / _SHARED).is_file() and _read(folder / _SHARED) is not None
    )


def load_file(path: Path) -> Configuration:
    """Return the configuration in a file: an ``xxpy.toml``, or a ``pyproject.toml``.

    :raises ConfigurationError: the file or ``[tool.xxpy]`` is missing, or a key or value is wrong
    """
    if not path.is_file():
        raise ConfigurationError(
            f"no such file: {path}",
            "--config takes an xxpy.toml, or a pyproject.toml with [tool.xxpy]",
        )
    document = _read(path)
    if document is None:
        raise ConfigurationError(f"{path} has no table [tool.xxpy]", "name a file that has one")
    return build(
        Configuration, document, path.name if path.name != _SHARED else f"{path.name}: tool.xxpy"
    )


def requirements(*layers: Verification | None) -> Requirements:
    """Merge requirements for binaries key by key; later ones win.

    :raises ConfigurationError: a value is not one of the choices, or not a version
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
                f"expected one of: {', '.join(choices)}",
            )
    for name in _VERSIONS:
        if name not in given:
            continue
        try:
            dotted(given[name])
        except ValueError as error:
            raise ConfigurationError(
                f"verify: {name.replace('_', '-')}: {error}",
                "write a string of numbers and dots",
            ) from error
    if "x86_64_level" in given:
        given["x86_64_level"] = int(given["x86_64_level"].removeprefix("v"))
    return Requirements(**given)


def _read(path: Path) -> dict[str, Any] | None:
    """Return xxpy's table in a file, or None if there is none."""
    try:
        document = bounds.from_toml(bounds.text(path, _MOST).removeprefix("\ufeff"))
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
