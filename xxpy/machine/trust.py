"""Commands that only read a project run nothing that is in it, or that it names.

:func:`only_read` draws the line for the rest of the process. From then on the machine's own tools
run

- found on PATH without the folders of the project and without relative ones, which lead into it,
- outside of the project's folder, where they might read a configuration of their own,
- with the user's variables: of those that the project sets only plain words are kept (``v3``), no
  paths, flags or commands,
- with what keeps them from the network.

A build runs code of the project in any case; there only relative folders of PATH are passed over
(``docs/security.md``).
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PATH: Final = "PATH"
_GIT: Final = ".git"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_,.+-]*")
"""A value that is no path, no flag with a value, and no command with arguments."""

_NEUTRAL: Final = "/"
"""Where tools run that would run in the project."""

_OFFLINE: Final = {
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER": "",
    "CARGO_BUILD_RUSTC_WRAPPER": "",
    "CARGO_NET_OFFLINE": "true",
    "GOCACHEPROG": "",
    "GOPROXY": "off",
    "GOSUMDB": "off",
    "GOTOOLCHAIN": "local",
    "GOVCS": "*:off",
    "RUSTUP_AUTO_INSTALL": "0",
}
"""What keeps Go, cargo and rustup from the network, and from further programs."""


@dataclass(slots=True)
class _Line:
    """What is not trusted.

    :param roots: the project's folder, and the repository that it is in
    :param given: the variables that the project sets, each with its values
    """

    roots: tuple[Path, ...]
    given: dict[str, set[str]] = field(default_factory=dict)


_lines: list[_Line] = []
"""The line that this process keeps, or none."""


def only_read(folder: Path) -> None:
    """From now on trust nothing in a project's folder, or in the repository around it."""
    _lines[:] = [_Line(tuple(_roots(folder)))]


def is_reading() -> bool:
    """Whether this process only reads the project."""
    return bool(_lines)


def suspect(variables: Mapping[str, str]) -> None:
    """Note variables that the project sets."""
    for line in _lines:
        for name, value in variables.items():
            line.given.setdefault(name, set()).add(value)


def environment(given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return the environment that a tool gets instead of *given*; None is this process's own."""
    if not _lines:
        return given
    (line,) = _lines
    found = dict(os.environ if given is None else given)
    for name, values in line.given.items():
        if found.get(name) in values and not _PLAIN.fullmatch(found[name]):
            del found[name]
            found |= {name: os.environ[name]} if name in os.environ else {}
    return {**found, **_OFFLINE, _PATH: search_path(given)}


def search_path(given: Mapping[str, str] | None) -> str:
    """Return the folders in which tools are looked for: those of PATH that are absolute, and none of the project's."""
    own = os.environ.get(_PATH, os.defpath)
    asked = own if given is None else given.get(_PATH, own)
    for line in _lines:
        asked = own if asked in line.given.get(_PATH, ()) else asked
    return _without(asked, tuple(root for line in _lines for root in line.roots))


@cache
def _without(path: str, roots: tuple[Path, ...]) -> str:
    """Return the folders of a PATH that are absolute and in none of *roots*; tools are looked for hundreds of times."""
    folders = (folder for folder in path.split(os.pathsep) if os.path.isabs(folder))  # noqa: PTH117 - a word of PATH
    return os.pathsep.join(folder for folder in folders if not _is_inside(folder, roots))


def allows(program: str) -> bool:
    """Whether a program may be run: while a project is only read, none that is in it."""
    return not any(
        _is_inside(program, line.roots)
        for line in _lines
        if Path(program).is_absolute() or os.sep in program
    )


def folder(given: Path | str | None) -> Path | str | None:
    """Return the folder in which a tool runs instead of *given*; None is the one in which the user is."""
    if not _lines:
        return given
    return _NEUTRAL if given is None or _is_inside(given, _lines[0].roots) else given


def _is_inside(path: Path | str, roots: Iterable[Path]) -> bool:
    """Whether a path is in one of *roots*, as it is named or where it leads.

    A folder in a project from which xxpy itself runs (``.venv``) is not meant: what could be
    changed there could be xxpy.
    """
    places = (Path(os.path.normpath(path)), Path(os.path.realpath(path)))
    own = [
        found for found in _own() for root in roots if found != root and found.is_relative_to(root)
    ]
    return any(
        place.is_relative_to(root)
        for place in places
        if not any(place.is_relative_to(found) for found in own)
        for root in roots
    )


@cache
def _own() -> tuple[Path, ...]:
    """Return the folder of the Python environment that runs xxpy, as it is named and where it is."""
    return Path(sys.prefix), Path(os.path.realpath(sys.prefix))


def _roots(folder: Path) -> Iterable[Path]:
    """Yield the folders of a project: its own and that of its repository, as they are named and where they are.

    A folder that holds the user's own files is no project: someone who keeps them in a repository
    has his tools there.
    """
    home = Path(os.path.realpath(Path.home())) if os.environ.get("HOME") else None
    for own in {Path(os.path.normpath(folder.absolute())), Path(os.path.realpath(folder))}:
        repository = next(
            (place for place in (own, *own.parents) if os.path.lexists(place / _GIT)), own
        )
        for place in {own, repository}:
            if home is None or not home.is_relative_to(os.path.realpath(place)):
                yield place
