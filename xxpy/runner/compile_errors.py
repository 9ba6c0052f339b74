"""Find the first error of a compiler in what a build tool prints, in one line with its place."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.runner.follow import last_output

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACED: Final = re.compile(
    r"(?P<file>[^\s:][^:]*):(?P<rest>\d+(?::\d+)?: (?:(?:fatal )?(?:[Ee]rror|ERROR): )?)"
    r"(?P<text>\S.*)"
)
"""``a.c:1:2: error: …``, as clang, gcc, assemblers, Meson and Go write it."""
_SAYS_ERROR: Final = re.compile(r"error: ", re.IGNORECASE)
_GO: Final = ".go"
"""The files about which errors have no word for that."""
_RUST: Final = re.compile(r"error(?:\[\w+\])?: \S.*")
_RUST_PLACE: Final = re.compile(r"--> (?P<place>[^\s:][^:]*:\d+:\d+)")
"""The line below an error of rustc."""
_CMAKE: Final = re.compile(r"CMake Error at (?P<place>[^\s:][^:]*:\d+)[ :].*")

_CONFIGURE: Final = re.compile(r"(?:.*\.\.\. )?(?:\S*/)?configure: error: (?P<text>\S.*)")

_CMAKE_LINES: Final = 5
"""The most lines of a message of CMake, which breaks them after 76 characters."""

_COMPILES: Final = re.compile(
    r"^(?!.*\bwarning: ).*(?:\berror(?:\[\w+\])?: |undefined (?:reference|symbol))"
)
"""A line with which compilers and linkers report an error."""
_LONGEST: Final = 4 << 20
"""Bytes at the end of a log that are searched for an error."""
_ONLY_MAKE: Final = re.compile(
    r"\w*make\S*: (?:\*\*\* |Leaving directory )|ninja: build stopped"
    r'|-- Configuring incomplete|See also "'
)
"""What build tools say about an error that was reported before."""
_PACKAGE: Final = re.compile(r"[\w.~+-]+(?:/[\w.~+-]+)*")
"""A package that ``go build -v`` has built after the error of another one."""
_GO_REPORTS: Final = re.compile(r"^\S+\.go:\d+(?::\d+)?: ")
_MAKE: Final = re.compile(r"\w*make\S*: \*\*\* (?!.*(?:Waiting for unfinished|Error \d+$))")
"""An error of make itself."""


def further_up(evidence: str, log: Path | None) -> str:
    """Return the first error of a compiler, or of make, that the last command of a log has printed.

    With several jobs, other compilers may print much after it, and so may warnings. ``go build``
    compiles what does not need the package with the error.

    :param evidence: the result if that says what is wrong, or if nothing has reported an error
    """
    follows = _ONLY_MAKE.match(evidence) or _PACKAGE.fullmatch(evidence)
    if log is None or not follows:
        return evidence
    lines = last_output(log, _LONGEST)
    signs = (_COMPILES, _GO_REPORTS, _MAKE, _CMAKE)
    found = (line for sign in signs for line in lines if sign.search(line))
    return next(found, evidence).strip()


def around(said: Sequence[str], evidence: str, log: Path | None) -> Sequence[str]:
    """Return the lines of the last command among which is *evidence*.

    :param said: its last lines
    """
    if log is None or any(line.strip() == evidence for line in said):
        return said
    return last_output(log, _LONGEST)


def headline(said: Sequence[str], evidence: str, folders: Sequence[Path]) -> str:
    """Return an error of a compiler with its place, or "" if *evidence* is none.

    >>> headline([], "/p/a.c:1:2: error: no such type", [Path("/p")])
    'a.c:1:2: error: no such type'
    >>> headline([], "configure: error: no pkg-config", [])
    'configure: no pkg-config'
    >>> headline(["error: no such value", " --> src/main.rs:1:9"], "error: no such value", [])
    'src/main.rs:1:9: error: no such value'
    >>> headline(["error: no lock file"], "error: no lock file", [])
    ''

    :param evidence: the line that reports the first error
    :param folders: those to which paths may be relative
    """
    found = _CONFIGURE.fullmatch(evidence)
    if found:
        return f"configure: {found['text']}"
    found = placed(evidence)
    if found is not None:
        return f"{_relative(found['file'], folders)}:{found['rest']}{found['text']}"
    after = next((place for place, line in enumerate(said) if line.strip() == evidence), 0) + 1
    below = [line for line in said[after:] if line.strip()]
    place = _RUST_PLACE.match(below[0].strip()) if below and _RUST.fullmatch(evidence) else None
    if place is not None:
        return f"{place['place']}: {evidence}"
    place = _CMAKE.fullmatch(evidence)
    message = _sentence(below, folders) if place else ""
    return f"{_relative(place['place'], folders)}: {message}" if place and message else ""


def placed(line: str) -> re.Match[str] | None:
    """Return the parts of a line in which a compiler says what is wrong and where, or None."""
    found = _PLACED.fullmatch(line)
    if found is None or not (_SAYS_ERROR.search(found["rest"]) or found["file"].endswith(_GO)):
        return None
    return found


def _sentence(lines: Sequence[str], folders: Sequence[Path]) -> str:
    """Return the first sentence of a message of CMake, whose lines are indented.

    >>> lines = ["  The folder", "    /p/a/b", "  has no file.", "  See x.", "Call Stack:"]
    >>> _sentence(lines, [Path("/p")])
    'The folder a/b has no file.'
    >>> _sentence(["  no file:", "    a.cmake", "-- Checking"], [])
    'no file: a.cmake'
    >>> _sentence(["  links to:", "    A::A", "  but it is not found.  Reasons:", "    * x"], [])
    'links to: A::A but it is not found.'
    """
    words: list[str] = []
    for line in lines[:_CMAKE_LINES]:
        part, dot, _more = line.strip().partition(".  ")
        listed = bool(words[:-1]) and words[-2].endswith(":")
        if not line[:1].isspace() or (listed and not part.startswith("but ")):
            break
        part += dot.strip()
        alone = part.strip('"')  # CMake gives a long path a line of its own
        words.append(_relative(alone, folders) if alone.startswith("/") else part)
        if part.endswith("."):
            break
    return " ".join(words)


def _relative(file: str, folders: Sequence[Path]) -> str:
    """Return a path relative to the first folder that it is below."""
    for folder in folders:
        if os.path.isabs(file) and Path(file).is_relative_to(folder):  # noqa: PTH117 - a text
            return str(Path(file).relative_to(folder))
    return os.path.normpath(file)
