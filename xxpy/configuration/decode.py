"""Make the classes of :mod:`xxpy.configuration.keys` from tables of TOML."""

from __future__ import annotations

import types
import typing
from dataclasses import Field, fields, is_dataclass
from typing import Any, TypeVar

from xxpy import bounds
from xxpy.errors import ConfigurationError, nearest

_Kind = TypeVar("_Kind")


def named(kind: type) -> dict[str, Field[Any]]:
    """Return the fields of a class by their keys in TOML."""
    return {known.name.replace("_", "-"): known for known in fields(kind)}


def build(kind: type[_Kind], raw: dict[str, Any], where: str) -> _Kind:
    """Return an object of a class.

    :param raw: its table
    :param where: the path of the table, for messages
    :raises ConfigurationError: a key is unknown, or a value has the wrong type
    """
    known = named(kind)
    hints = typing.get_type_hints(kind)
    values = {}
    for key, value in raw.items():
        if key not in known:
            raise ConfigurationError(
                f"{where}: unknown key {key}",
                nearest(key, known) or f"expected one of: {', '.join(known)}",
            )
        values[known[key].name] = _value(value, hints[known[key].name], f"{where}: {key}")
    return kind(**values)


def shorthand(kind: Any) -> str | None:  # noqa: ANN401 - a class, as typing gives it
    """Return the key that a mere string in place of a table means, or None."""
    return next(
        (key for key, known in named(kind).items() if known.metadata.get("shorthand")), None
    )


def without_none(hint: Any) -> Any:  # noqa: ANN401 - a type, as typing gives it
    """Return a type without its None."""
    return next(
        (
            part
            for part in typing.get_args(hint)
            if typing.get_origin(hint) is types.UnionType and part is not types.NoneType
        ),
        hint,
    )


def _value(value: object, hint: Any, where: str) -> object:  # noqa: ANN401 - likewise
    """Return a value of a document in the type of a field.

    :raises ConfigurationError: it has another type
    """
    wanted = without_none(hint)
    if wanted in {str, bool} and type(value) is wanted:
        return value
    if wanted is int and type(value) is int and value > 0:
        return value
    if is_dataclass(wanted):
        short = shorthand(wanted) if isinstance(value, str) else None
        table = value if short is None else {short: value}
        if isinstance(table, dict):
            return build(typing.cast("type", wanted), table, where)
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
                    key: build(typing.cast("type", inner), part, f"{where}.{key}")
                    for key, part in value.items()
                }
        elif all(isinstance(part, str) for part in value.values()):
            return dict(value)
    raise ConfigurationError(f"{where}: {bounds.shown(value)} is not {_described(wanted)}")


def _described(wanted: Any) -> str:  # noqa: ANN401 - likewise
    """Return the name of a type, for people."""
    names = {
        str: "a string",
        bool: "true or false",
        int: "a whole number above 0",
        tuple: "a list of strings",
    }
    known = names.get(typing.get_origin(wanted) or wanted)
    if known is not None:
        return known
    if is_dataclass(wanted) and shorthand(wanted) is not None:
        return "a string or a table"
    of_strings = typing.get_args(wanted)[1:] == (str,)
    return "a table of strings" if of_strings else "a table"
