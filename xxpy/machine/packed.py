"""The table as bytes that are read in a tenth of the time that its files take."""

from __future__ import annotations

import io
import pickle
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xxpy.table.model import Table

if TYPE_CHECKING:
    from collections.abc import Mapping


def _read_only(values: dict[str, object]) -> Mapping[str, object]:
    return MappingProxyType(values)


class _Pickler(pickle.Pickler):
    """Writes frozen classes by their fields, which are quicker to read than their states."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - pickle's signature
        """Return how to make *value* again."""
        if isinstance(value, MappingProxyType):
            return _read_only, (dict(value),)
        if is_dataclass(value) and not isinstance(value, type):
            return type(value), tuple(getattr(value, field.name) for field in fields(value))
        return NotImplemented


def pack(table: Table) -> bytes:
    """Return a table as bytes."""
    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(table)
    return file.getvalue()


def unpack(data: bytes) -> Table | None:
    """Return the table from bytes that :func:`pack` has returned, or None if they are damaged."""
    try:
        found = pickle.loads(data)  # noqa: S301 - as above
    except Exception:  # noqa: BLE001 - damaged bytes raise anything
        return None
    return found if isinstance(found, Table) else None
