"""The JSON schema of ``xxpy.toml``, made from its keys."""

from __future__ import annotations

import typing
from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any

from xxpy.configuration.decode import named, without_none
from xxpy.configuration.keys import Configuration

if TYPE_CHECKING:
    from collections.abc import Iterable


def schema(languages: Iterable[str], compilers: Iterable[str]) -> dict[str, object]:
    """Return the JSON schema of ``xxpy.toml`` (https://json-schema.org/draft/2020-12).

    :param languages: the names that ``language`` may have
    :param compilers: the names that ``cc`` may have
    """
    document = _schema(Configuration)
    properties = typing.cast("dict[str, dict[str, object]]", document["properties"])
    properties["language"]["enum"] = list(languages)
    properties["cc"]["enum"] = list(compilers)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xxpy.toml",
        **document,
    }


def descriptions() -> dict[str, str]:
    """Return each key of the file and its meaning, in one line."""
    return {key: str(known.metadata["description"]) for key, known in named(Configuration).items()}


def _schema(kind: type) -> dict[str, object]:
    """Return the schema of a class."""
    hints = typing.get_type_hints(kind)
    properties = {
        key: {
            "description": known.metadata["description"],
            **_type(without_none(hints[known.name])),
        }
        for key, known in named(kind).items()
    }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _type(wanted: Any) -> dict[str, object]:  # noqa: ANN401 - a type, as typing gives it
    """Return the schema of a type."""
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
