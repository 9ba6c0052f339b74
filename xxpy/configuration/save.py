"""Write the packages of sysroots into ``xxpy.toml``, and leave the rest of the file as it is.

Only lines that can be found with certainty are changed: the new text must read as the old one with
the new values, or it is not written.
"""

from __future__ import annotations

import copy
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import ConfigurationError, OutputError
from xxpy.machine import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_MOST: Final = 1 << 20
_HEADER: Final = re.compile(r"^\s*\[")
_SYSROOT: Final = re.compile(r"^\s*sysroot\s*=")
_KEY: Final = "sysroot"
_PLATFORM: Final = "platform"

Table = dict[str, Any]


def sysroots(path: Path, common: Table | None, single: Mapping[str, Table]) -> bool:
    """Write sysroots into a configuration file; return whether it has changed.

    :param path: an ``xxpy.toml``, which need not exist
    :param common: the sysroot of all platforms, or None to leave that as it is
    :param single: the sysroots of single platforms
    :raises ConfigurationError: the file cannot be changed with certainty; the hint has the lines
    :raises OutputError: it cannot be written
    """
    try:
        text = bounds.text(path, _MOST) if path.exists() else ""
        before = tomllib.loads(text)
    except (OSError, bounds.Refused, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    expected = copy.deepcopy(before)
    lines = text.splitlines()
    if common is not None:
        expected[_KEY] = common
        lines = _put(lines, 0, common)
    for key, table in single.items():
        expected.setdefault(_PLATFORM, {}).setdefault(key, {})[_KEY] = table
        header = f'[{_PLATFORM}."{key}"]'
        if header not in lines:
            lines += ["", header]
        lines = _put(lines, lines.index(header) + 1, table)
    fresh = "\n".join(lines).lstrip("\n") + "\n"
    if not _reads(fresh, expected):
        raise ConfigurationError(
            f"{path} has another form than xxpy can change",
            "\n".join(["write these lines into it:", *_lines(common, single)]),
        )
    try:
        return files.write(path, fresh, keep_mode=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}") from error


def _lines(common: Table | None, single: Mapping[str, Table]) -> list[str]:
    """Return what would be written."""
    lines = [] if common is None else [_line(common)]
    for key, table in single.items():
        lines += [f'[{_PLATFORM}."{key}"]', _line(table)]
    return lines


def _put(lines: Sequence[str], begin: int, table: Table) -> list[str]:
    """Return lines with a sysroot in the table that begins at a line, in place of another."""
    end = next((n for n in range(begin, len(lines)) if _HEADER.match(lines[n])), len(lines))
    own = list(lines[begin:end])
    place = next((n for n, line in enumerate(own) if _SYSROOT.match(line)), None)
    if place is not None:
        own[place] = _line(table)
    else:
        while own and not own[-1].strip():
            own.pop()
        own.append(_line(table))
        own += [""] if end < len(lines) else []
    return [*lines[:begin], *own, *lines[end:]]


def _line(table: Table) -> str:
    values = ", ".join(f"{key} = {_value(value)}" for key, value in table.items())
    return f"{_KEY} = {{ {values} }}"


def _value(value: object) -> str:
    """Return a value of a sysroot in TOML; names of packages need no escapes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return f'"{value}"'


def _reads(text: str, expected: Table) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False
