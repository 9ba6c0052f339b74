"""Render templates: the only module that imports jinja2.

Every ``{{ }}`` of a template must end in one of these filters:

================  ================================================================================
``sh``            quoted for a POSIX shell (:func:`shlex.quote`)
``name``          a validated word ``[A-Za-z0-9_.+/-]+``: an identifier, file name or table key
``line``          text in a comment or message: no newlines, and nothing that a shell expands
                  in double quotes
``alternatives``  the patterns of one branch of a ``case``: validated words with ``*`` and
                  ``[:/]``
``glob``          one validated pattern of a ``case`` or of an ignore file
``cmake``         a quoted argument of CMake
``meson``         a string of a Meson machine file
``toml``          a value of TOML: a string, a Boolean, or a list of strings
``clang``         one argument in a configuration file of clang
``go``            one argument in a variable that Go splits, such as CC
``yaml``          a string of YAML in double quotes, in which GitLab and GitHub expand nothing
``hcl``           a value of HCL: a string, or lists and tables of strings
``starlark``      a string or a list of strings of Starlark, the language of Bazel
``conan``         a value of a Conan profile: lists and tables of strings
``conan_text``    a string of a Conan profile: Conan would keep quotes as a part of it
================  ================================================================================

A filter that refuses a value raises :class:`~xxpy.errors.TableError`, because values come from the
table.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy import shell
from xxpy.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import jinja2

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_BACKSLASHED: Final = '\\"$'
_MESON: Final = "\\'"
_TOML: Final = '\\"'
_CLANG: Final = "\\\"' "
_JINJA: Final = re.compile(r"\{[{%#]")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f\"`$\\]*")


def _line(value: object) -> str:
    text = str(value)
    if not _LINE.fullmatch(text):
        raise TableError([f"{text!r} cannot be in one line of a script"])
    return text


def _escaped(value: object, special: str) -> str:
    """Return text with a backslash before each of the *special* characters.

    :raises TableError: it has a newline or another control character
    """
    text = str(value)
    if _CONTROL.search(text):
        raise TableError([f"{text!r} cannot be in one line"])
    return "".join(f"\\{character}" if character in special else character for character in text)


def _toml(value: object) -> str:
    """Return a string, a Boolean or a list of strings as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{_escaped(value, _TOML)}"'


def _go(value: object) -> str:
    """Return an argument with the quotes that it needs in Go's variables."""
    text = _escaped(value, "")
    quote = next(
        (
            mark
            for mark in ("", "'", '"')
            if (not mark and not re.search(r"[\s'\"]", text)) or (mark and mark not in text)
        ),
        None,
    )
    if quote is None:
        raise TableError([f"{text!r} has both kinds of quotes, which Go cannot read"])
    return f"{quote}{text}{quote}"


def _yaml(value: object) -> str:
    if "${{" in str(value):
        raise TableError([f"{value!r} would be expanded by the service that reads it"])
    return json.dumps(str(value))


def _hcl(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _conan(value: object) -> str:
    return _unexpanded(json.dumps(value, ensure_ascii=False))


def _unexpanded(text: str) -> str:
    """Return a part of a Conan profile, which Conan reads as a Jinja template.

    :raises TableError: Jinja would expand it
    """
    if _JINJA.search(text):
        raise TableError([f"{text!r} would be expanded by Conan"])
    return text


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "sh": lambda value: shlex.quote(str(value)),
    "name": shell.name,
    "line": _line,
    "alternatives": shell.patterns,
    "glob": shell.pattern,
    "cmake": lambda value: f'"{_escaped(value, _BACKSLASHED)}"',
    "meson": lambda value: f"'{_escaped(value, _MESON)}'",
    "toml": _toml,
    "clang": lambda value: _escaped(value, _CLANG),
    "go": _go,
    "yaml": _yaml,
    "hcl": _hcl,
    "starlark": _hcl,
    "conan": _conan,
    "conan_text": lambda value: _unexpanded(_escaped(value, "")),
}
"""The filters by their names in templates."""


def environment(templates: Mapping[str, str]) -> jinja2.Environment:
    """Return the environment that renders templates: strict, with trimmed blocks.

    :param templates: the text of each template, by name
    """
    return _environment(frozenset(templates.items()))


@cache
def _environment(templates: frozenset[tuple[str, str]]) -> jinja2.Environment:
    """Return the environment of these templates, so that each is compiled once in a process."""
    import jinja2  # noqa: PLC0415 - 30 ms, and what is known to be rendered already needs none

    made = jinja2.Environment(
        loader=jinja2.DictLoader(dict(templates)),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - this is not HTML, and filters quote every value
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    return made


@dataclass(frozen=True, slots=True)
class File:
    """One file of a kit.

    :param path: its path in the kit's folder
    :param template: the name of its template, without the suffix; "" if it has a fixed *text*
    :param facts: the variables of the template
    """

    path: str
    template: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    executable: bool = False
    text: str = ""


def render(files: tuple[File, ...], templates: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file, by path.

    :param templates: the text of every template, by its path below ``templates``
    :raises TableError: a filter refuses a value
    """
    made = environment(templates)
    return {
        file.path: made.get_template(f"{file.template}.j2").render(file.facts)
        if file.template
        else file.text
        for file in files
    }
