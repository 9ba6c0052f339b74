"""The one door to jinja2, with the filters that every ``{{ }}`` of a template must end in.

================  ==========================================================================================
``sh``            quoted for a POSIX shell (:func:`shlex.quote`)
``name``          a validated word ``[A-Za-z0-9_.+/-]+``: an identifier, a file name, a key of the table
``line``          text in a comment or a message: refuses newlines and what a shell would expand in double quotes
``alternatives``  the patterns of one branch of a ``case``: validated words with ``*`` and ``[:/]``, joined by `` | ``
``glob``          a path in which ``*`` is meant
================  ==========================================================================================

A filter that refuses a value raises :class:`~xxpy.errors.TableError`, because values come from the table.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

import jinja2

from xxpy.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAME: Final = re.compile(r"[A-Za-z0-9_.+/-]+")
_PATTERN: Final = re.compile(r"(?:[A-Za-z0-9_.+/:*-]|\[:/\])+")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f\"`$\\]*")


def _name(value: object) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise TableError([f"{value!r} cannot be a name in a script"])
    return value


def _line(value: object) -> str:
    text = str(value)
    if not _LINE.fullmatch(text):
        raise TableError([f"{text!r} cannot stand in one line of a script"])
    return text


def _glob(value: str) -> str:
    if not _PATTERN.fullmatch(value):
        raise TableError([f"{value!r} cannot be a pattern in a script"])
    return value


def _alternatives(values: Iterable[str]) -> str:
    # No word at all is the empty pattern, which nothing that a script looks up is equal to.
    return " | ".join(_glob(value) for value in values) or "''"


FILTERS: Final = {
    "sh": lambda value: shlex.quote(str(value)),
    "name": _name,
    "line": _line,
    "alternatives": _alternatives,
    "glob": _glob,
}
"""The filters, by the name that templates use."""


def environment(templates: Mapping[str, str]) -> jinja2.Environment:
    """Return the environment that renders *templates* (name to text): strict, without HTML escaping, blocks trimmed."""
    made = jinja2.Environment(
        loader=jinja2.DictLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - shell scripts and Dockerfiles, not HTML; every value is quoted by a filter
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    return made
