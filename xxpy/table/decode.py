"""Make frozen classes from TOML tables, and collect every fault with its path.

The annotations of a class say what each key must be: ``str``, ``int``, ``bool``, a tuple of ``str``
(a TOML array) or a mapping of ``str`` to ``str`` (a TOML table). A field without a default is a
required key; a key without a field is a fault::

    linux.toml: platform.'linux/amd64'.go.sinse: unknown key; did you mean since?
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from xxpy.errors import nearest
from xxpy.table import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Raw = dict[str, Any]
_T = typing.TypeVar("_T")


@cache
def hints(kind: type) -> dict[str, Any]:
    """Return the resolved annotations of a class, whose module must import them at run time."""
    return typing.get_type_hints(kind)


def optional(hint: object) -> bool:
    """Return whether an annotation allows None."""
    return types.NoneType in typing.get_args(hint)


@cache
def group_class(group: str) -> Any:  # noqa: ANN401 - a class of groups
    """Return the class of a group of :class:`xxpy.table.columns.Row`."""
    hint = hints(columns.Row)[group]
    return next((part for part in typing.get_args(hint) if part is not types.NoneType), hint)


class Decoder:
    """Makes frozen classes from TOML tables.

    :param faults: the list that gets a line for each fault
    """

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults

    def build(
        self,
        kind: type[_T],
        raw: object,
        where: str,
        origins: Mapping[str, str] | None = None,
        **given: object,
    ) -> _T | None:
        """Return an object, or None if a key is missing, unknown or of the wrong type.

        :param where: the file and the dotted path of the table
        :param origins: likewise for single keys that are in other tables
        :param given: the fields that do not come from the table, by name
        """
        if not isinstance(raw, dict):
            self.faults.append(f"{where}: {raw!r} is not a table")
            return None
        before = len(self.faults)
        places = origins or {}
        annotations = hints(typing.cast("type", kind))
        every = fields(kind)  # type: ignore[arg-type]
        known = {field.name: field for field in every if field.name not in given}
        self.unknown(raw, known, where, places)
        values = dict(given)
        for name, field in known.items():
            if name in raw:
                values[name] = self.value(
                    raw[name], annotations[name], f"{places.get(name, where)}.{name}"
                )
            elif field.default is MISSING:
                self.faults.append(f"{where}.{name}: missing")
        return kind(**values) if len(self.faults) == before else None

    def unknown(
        self, raw: Raw, known: Iterable[str], where: str, places: Mapping[str, str] | None = None
    ) -> None:
        """Add a fault for each key of *raw* that is not *known*, with the nearest known one."""
        names = list(known)
        for key in raw:
            if key not in names:
                hint = nearest(key, names) or f"expected one of: {', '.join(names)}"
                self.faults.append(f"{(places or {}).get(key, where)}.{key}: unknown key; {hint}")

    def value(self, value: object, hint: Any, where: str) -> object:  # noqa: ANN401 - a type
        """Return *value* in the type of the annotation; another type is a fault, and gives None."""
        wanted = next(
            part
            for part in (typing.get_args(hint) if optional(hint) else (hint,))
            if part is not types.NoneType
        )
        if wanted in {str, int, bool}:
            if type(value) is wanted:
                return value
            description = {str: "a string", int: "an integer", bool: "true or false"}[wanted]
        elif typing.get_origin(wanted) is tuple:
            if isinstance(value, list) and all(isinstance(part, str) for part in value):
                return tuple(value)
            description = "a list of strings"
        else:
            if isinstance(value, dict) and all(isinstance(part, str) for part in value.values()):
                return types.MappingProxyType(dict(value))
            description = "a table of strings"
        self.faults.append(f"{where}: {value!r} is not {description}")
        return None
