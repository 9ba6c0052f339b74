"""Keep commands that only read a project from running anything in it, or anything that it names.

:func:`only_read` restricts the rest of the process. From then on,

- tools are not looked for in the project's folders on PATH, nor in relative ones, which may be in
  the project;
- tools run outside the project's folder, where they might read its configuration files;
- of the variables that the project sets, tools get only plain words (``v3``), no paths, flags or
  commands;
- tools may not use the network.

A build runs code of the project in any case; it ignores only the relative folders of PATH
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
"""A value that is not a path, a flag with a value, or a command with arguments."""

_NEUTRAL: Final = "/"
"""The folder for tools that would otherwise run in the project."""

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
"""The variables that keep Go, cargo and rustup from the network and from running other programs."""


@dataclass(slots=True)
class _Line:
    """What is not trusted.

    :param roots: the project's folder, and that of its repository
    :param given: the variables that the project sets, each with its values
    """

    roots: tuple[Path, ...]
    given: dict[str, set[str]] = field(default_factory=dict)


_lines: list[_Line] = []
"""What this process does not trust; at most one."""


def only_read(folder: Path) -> None:
    """Stop trusting a project's folder and its repository for the rest of the process."""
    _lines[:] = [_Line(tuple(_roots(folder)))]


def is_reading() -> bool:
    """Whether this process only reads the project."""
    return bool(_lines)


def suspect(variables: Mapping[str, str]) -> None:
    """Record the variables that the project sets."""
    for line in _lines:
        for name, value in variables.items():
            line.given.setdefault(name, set()).add(value)


def environment(given: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """Return the environment for a tool instead of *given*; None means this process's own."""
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
    """Return PATH without relative folders and without those of the project."""
    own = os.environ.get(_PATH, os.defpath)
    asked = own if given is None else given.get(_PATH, own)
    for line in _lines:
        asked = own if asked in line.given.get(_PATH, ()) else asked
    return _without(asked, tuple(root for line in _lines for root in line.roots))


@cache
def _without(path: str, roots: tuple[Path, ...]) -> str:
    """Return a PATH without relative folders and those in *roots*; cached, being called often."""
    folders = (folder for folder in path.split(os.pathsep) if Path(folder).is_absolute())
    return os.pathsep.join(folder for folder in folders if not _is_inside(folder, roots))


def allows(program: str) -> bool:
    """Whether a program may be run; one in a project that is only read may not."""
    return not any(_is_foreign(program, line.roots) for line in _lines if os.sep in program)


@cache
def _is_foreign(program: str, roots: tuple[Path, ...]) -> bool:
    return _is_inside(program, roots)


def folder(given: Path | str | None) -> Path | str | None:
    """Return the folder in which a tool runs instead of *given*; None means the current one."""
    if not _lines:
        return given
    return _NEUTRAL if given is None or _is_inside(given, _lines[0].roots) else given


def _is_inside(path: Path | str, roots: Iterable[Path]) -> bool:
    """Whether a path is in one of *roots*, either as it is written or with links resolved.

    The environment in a project from which xxpy itself runs (``.venv``) does not count: whoever can
    change it can change xxpy.
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
    """Return the folder of the Python environment that runs xxpy, as written and resolved."""
    return Path(sys.prefix), Path(os.path.realpath(sys.prefix))


def _roots(folder: Path) -> Iterable[Path]:
    """Yield the folders of a project and of its repository, as written and resolved.

    The user's home folder is not a project: those who keep it in a repository have their tools
    there.
    """
    home = Path(os.path.realpath(Path.home())) if os.environ.get("HOME") else None
    for own in {Path(os.path.normpath(folder.absolute())), Path(os.path.realpath(folder))}:
        repository = next(
            (place for place in (own, *own.parents) if os.path.lexists(place / _GIT)), own
        )
        for place in {own, repository}:
            if home is None or not home.is_relative_to(os.path.realpath(place)):
                yield place
