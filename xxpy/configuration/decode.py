"""Make the classes of :mod:`xxpy.configuration.keys` from tables of TOML."""

from __future__ import annotations

import json
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
        try:
            values[known[key].name] = _value(value, hints[known[key].name], f"{where}: {key}")
        except ConfigurationError as error:
            if error.hint or (other := _other_key(key, value, known, hints)) is None:
                raise
            raise ConfigurationError(error.message, f"did you mean {other}?") from error
    return kind(**values)


def _other_key(
    key: str, value: object, known: dict[str, Field[Any]], hints: dict[str, Any]
) -> str | None:
    """Return a key of nearly the same name that takes the value, such as its plural, or None."""
    for other in {f"{key}s", key.removesuffix("s")} & known.keys() - {key}:
        hint = hints[known[other].name]
        table = typing.get_origin(without_none(hint)) is dict
        if table is isinstance(value, dict):
            return other if not table else f"[{other}.…]"
    return None


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
    raise ConfigurationError(
        f"{where}: {bounds.shown(value)} is not {_described(wanted)}", _corrected(value, wanted)
    )


def _corrected(value: object, wanted: Any) -> str:  # noqa: ANN401 - likewise
    """Return a hint with the value as it could be meant, or ""."""
    kind = typing.get_origin(wanted) or wanted
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    if kind is tuple and isinstance(value, str):
        return f"write a list: [{', '.join(json.dumps(one) for one in _items(value))}]"
    if kind is str and plain:
        return f"write a string: {json.dumps(str(value))}"
    if kind is bool and isinstance(value, str | int):
        words = {"yes": "true", "on": "true", "1": "true", "true": "true"}
        words |= {"no": "false", "off": "false", "0": "false", "false": "false"}
        word = words.get(str(value).lower())
        return f"write {word}, without quotes" if word else ""
    if kind is int and isinstance(value, str) and value.isdecimal():
        return f"write {value}, without quotes"
    if typing.get_args(wanted)[1:] == (str,) and isinstance(value, dict):
        wrong = {key: one for key, one in value.items() if isinstance(one, int | float)}
        for key, one in wrong.items():
            text = json.dumps(one) if isinstance(one, bool) else str(one)
            return f"write a string: {key} = {json.dumps(text)}"
    return ""


def _items(text: str) -> list[str]:
    """Return the items of a list that is written as a string."""
    return [item.strip() for item in text.split(",") if item.strip()]


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
