"""Find what a build lacks in the messages of compilers, linkers and build tools.

A message names it (``fatal error: zlib.h: No such file``), or an error follows a question that was
answered with no::

    checking for deflate in -lz... no
    configure: error: compression needs zlib
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from xxpy.sysroot.needs import Kind, Need, Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_KINDS: Final = {kind.name: kind for kind in Kind}

HEADER: Final = r"fatal error: '?(?P<HEADER>[^\s:']+)'?(?: file not found|: No such file)"
"""What clang and gcc say of a header."""
LIBRARY: Final = (
    r"(?:cannot find|unable to find library|library not found for) -l(?P<LIBRARY>[^\s:]+)"
)
"""What GNU ld, lld and rustc say of a library."""

_EXPLICIT: Final = (
    HEADER,
    LIBRARY,
    r"could not find native static library `(?P<LIBRARY>[^`]+)`",
    # CMake's find modules, find_package in config mode, find_library and find_path
    r"(?<!-- )Could NOT find (?P<CMAKE>\w+)(?! \(found)",
    r'configuration file provided by "(?P<CMAKE>\S+)"',
    r"Could not find \S+ using the following names: (?P<LIBRARY>[\w.+-]+)",
    r"Could not find \S+ using the following files: (?P<HEADER>[\w./+-]+)",
    r"^(?P<VARIABLE>\w+_(?:LIB|LIBRARY|LIBRARIES|INCLUDE_DIRS?|INCLUDE_PATH))(?: \(ADVANCED\))?$",
    r"^ {3}- (?P<MODULE>[a-z][\w.+-]*)(?:[<>=]+\S+)?$",
    r"None of the required '(?P<MODULE>[\w.+-]+)",
    # pkgconf, pkg-config
    r"(?<!-- {3})Package '?(?P<MODULE>[\w.+-]+)'?(?:, required by '[^']*',)? (?:was )?not found",
    r"^No package '(?P<MODULE>[\w.+-]+)' found",
    r"Package dependency requirement '(?P<MODULE>[\w.+-]+)[^']*' could not be satisfied",
    # Meson
    r'ERROR: Dependency (?:"|lookup for )(?P<MODULE>[\w.+-]+)"? .*(?:not found|failed)',
    r"ERROR: .*shared or static library '(?P<LIBRARY>[^']+)' not found",
    r"ERROR: .*header '(?P<HEADER>[^']+)' not found",
    # Autoconf, and configure scripts of FFmpeg's kind
    r"configure: error: .*?(?P<HEADER>[\w./+-]+\.h)\b",
    r"^\W*Failed to find (?P<HEADER>[\w./+-]+\.h)\b",
    r"ERROR: (?P<MODULE>[\w.+-]+)(?: [<>=]+ [\w.]+)? not found using pkg-config",
    # Rust's crate pkg-config, and openssl-sys
    r"The system library `(?P<MODULE>[^`]+)` required by crate",
    r"Could not find directory of (?P<CMAKE>\w+) installation",
)
"""Messages that name what is missing; the group is the kind."""

_CMAKE_MODULE: Final = r"^-- {3}(?:Package|No package) '(?P<MODULE>[\w.+-]+)'.*found"
"""What CMake prints about a module of pkg-config, required or not."""

_SOFT: Final = (
    r"checking for \S+ in -l(?P<LIBRARY>[\w.+-]+)\.\.\. (?:\(cached\) )?no$",
    r"^configure: checking (?:for )?lib(?P<LIBRARY>[\w.+-]+)\.\.\.$",  # without the answer
    r"checking for library containing (?P<FUNCTION>\w+)\.\.\. (?:\(cached\) )?no$",
    r"checking for (?P<HEADER>[\w./+-]+\.h(?:pp|h)?)\.\.\. (?:\(cached\) )?no$",
    (
        r"checking (?:for|whether) (?!\S+-config\b)(?P<MODULE>[\w.+-]+)(?: [<>=]+ [\w.]+)?"
        r"\.\.\. (?:\(cached\) )?no$"
    ),
    r"^checking for (?P<MODULE>[\w.+-]+) library(?: in \S+)? ?\.\.\. ?not found$",
    r"Run-time dependency (?P<MODULE>[\w.+-]+) found: NO",
    r"Library (?P<LIBRARY>[\w.+-]+) found: NO",
    r'Has header "(?P<HEADER>[^"]+)" : NO',
    r"-- Could NOT find (?P<CMAKE>\w+)",
    _CMAKE_MODULE,
    r"-- Looking for (?:include file )?(?P<HEADER>[\w./+-]+\.h) - not found",
    r"-- Looking for \w+ in (?P<LIBRARY>[\w.+-]+) - not found",
)
"""Answers to questions of build tools, which may be harmless."""

_STOPPED: Final = re.compile(
    r"^(?:\S*/)?configure(?:\.sh)?: error:|^CMake Error|ERROR: Problem encountered: "
    r"|^(?:ERROR|Error|error):(?: |$)"
)
"""Lines with which a tool gives up that asks such questions."""
_QUESTION: Final = re.compile(r"^checking .*\.\.\. *(?P<answer>.*)")
"""A question of configure."""
_ANSWER: Final = 2
"""The most words of an answer; configure gives up with a longer one, or after an answer."""
_FOR_BUILD: Final = re.compile(r"Build-time dependency (?P<name>[\w.+-]+) found: NO")
"""Meson's answer about a dependency of this machine, which no package of the target satisfies."""
_ADVISED: Final = re.compile(r"\b(?P<PACKAGE>lib[a-z0-9][a-z0-9+.-]*-dev)\b")
"""A package that a message advises to install."""
_REACH: Final = 40
"""How many lines before an error its question may be."""
_NEAR: Final = 5
"""How many lines before an error its question is if they share no word."""
_TEXT: Final = 12
"""How many lines of an error are its message: CMake's have several."""
_SHORT: Final = 2
"""The letters of a name that may be a part of any word."""
_WORD: Final = re.compile(r"[a-z0-9]{2,}")


def _compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_ALL_EXPLICIT: Final = _compiled(_EXPLICIT)
_ALL_SOFT: Final = _compiled(_SOFT)
_NAMED: Final = _compiled((*_EXPLICIT, _CMAKE_MODULE))


def needs(lines: Iterable[str]) -> tuple[Need, ...]:
    """Return everything that a failed build reports as missing, each once.

    >>> [str(need) for need in needs(["-- Checking for module 'foo'", "Package 'foo' not found"])]
    ['the pkg-config module foo']
    >>> [str(need) for need in needs(["checking for deflate in -lz... no", "configure: error: !"])]
    ['-lz']
    >>> needs(["Build-time dependency a found: NO", 'ERROR: Dependency "a" not found'])
    ()
    """
    told = [line.rstrip() for line in lines]
    own = {answer["name"] for line in told if (answer := _FOR_BUILD.search(line)) is not None}
    found = [
        one
        for line in told
        if (one := _match(_ALL_EXPLICIT, line)) is not None
        and not (one.things[0].kind is Kind.MODULE and one.things[0].name in own)
    ]
    if not found:
        found = list(_implied(told))
    kept: dict[tuple[Thing, ...], Need] = {}
    for one in found:
        kept.setdefault(one.things, one)
    return tuple(kept.values())


def first(lines: Iterable[str]) -> str | None:
    """Return the first header, library or package that *lines* report as missing, or None.

    >>> first(["-- Checking for module 'foo'", "Package 'foo' not found"])
    'foo'
    """
    for line in lines:
        found = _match(_NAMED, line)
        if found is not None:
            thing = found.things[0]
            return str(thing) if thing.kind is Kind.LIBRARY else thing.name
    return None


def _match(patterns: Iterable[re.Pattern[str]], line: str) -> Need | None:
    """Return the need that a line shows, or None."""
    for pattern in patterns:
        found = pattern.search(line)
        if found is not None:
            name = found.lastgroup or ""
            thing = Thing(_KINDS[name], found[name])
            return Need((thing, *_spellings(thing)), line.strip())
    return None


def _spellings(thing: Thing) -> tuple[Thing, ...]:
    """Return what else a thing may be: dependencies of Meson are modules, packages or libraries."""
    if thing.kind is not Kind.MODULE:
        return ()
    name, lower = thing.name, thing.name.lower()
    written = () if name == lower else (Thing(Kind.MODULE, lower), Thing(Kind.LIBRARY, lower))
    return (
        Thing(Kind.CMAKE, name),
        *written,
        *([Thing(Kind.LIBRARY, name.removeprefix("lib"))] if name.startswith("lib") else []),
    )


def _implied(lines: Sequence[str]) -> Iterator[Need]:
    """Yield the needs behind errors that name none: the last questions that were answered no."""
    end = _end_of_configure(lines)
    for place, line in enumerate(lines):
        if not _STOPPED.search(line) and place != end:
            continue
        said = "\n".join(lines[place : place + _TEXT])
        soft = [
            one
            for before in lines[max(0, place - _REACH) : place]
            if (one := _match(_ALL_SOFT, before)) is not None
        ]
        related = [one for one in soft if _related(one.things[0].name, said)]
        found = related or _last(lines[:place], line.strip())
        yield from (replace(one, implied=True) for one in found)
        for advised in _ADVISED.finditer(said):
            yield Need((Thing(Kind.PACKAGE, advised["PACKAGE"]),), line.strip())
        return


def _end_of_configure(lines: Sequence[str]) -> int:
    """Return the place of the line with which configure gives up in words of its own, or -1.

    >>> _end_of_configure(["checking for a in -lb... no", "checking for c... none, I give up", ""])
    1
    >>> _end_of_configure(["checking for a... none needed"]), _end_of_configure(["*** Error 1"])
    (-1, -1)
    """
    place = max((place for place, line in enumerate(lines) if line.strip()), default=0)
    asked = [_QUESTION.search(line) for line in lines[max(0, place - 1) : place + 1]]
    last = asked[-1] if asked else None
    given_up = any(asked) if last is None else len(last["answer"].split()) > _ANSWER
    return place if given_up else -1


def _last(lines: Sequence[str], error: str) -> list[Need]:
    """Return the last question before an error that was answered no, if it is near.

    Libraries that were looked for one after the other are alternatives: the last one first, and
    functions, whose libraries are not known yet, after them.
    """
    near = (len(lines) - 1 - back for back in range(min(_NEAR, len(lines))))
    place = next((one for one in near if _match(_ALL_SOFT, lines[one]) is not None), None)
    if place is None:
        return []
    asked = (_match(_ALL_SOFT, line) for line in reversed(lines[: place + 1]))
    first = next(asked)
    found = [first, *takewhile(_linked, asked)] if _linked(first) else [first]
    every = (thing for one in found if one is not None for thing in one.things)
    things = dict.fromkeys(sorted(every, key=lambda thing: thing.kind is Kind.FUNCTION))
    return [Need(tuple(things), lines[place].strip() if len(found) == 1 else error)]


def _linked(one: Need | None) -> bool:
    """Whether a question was about a library."""
    return one is not None and one.things[0].kind in (Kind.LIBRARY, Kind.FUNCTION)


def _related(name: str, said: str) -> bool:
    """Whether a message is about a thing.

    >>> _related("pcre2.h", "configure: error: pcre2 was not found")
    True
    >>> _related("z", "configure: error: no deflate in -lz"), _related("z", "error: no size")
    (True, False)
    """
    text = said.lower()
    stem = name.lower().removesuffix(".h").rpartition("/")[2].removeprefix("lib")
    if re.search(rf"(?<![a-z0-9])(?:lib|-l)?{re.escape(stem)}(?:lib)?(?![a-z0-9])", text):
        return True
    return len(stem) > _SHORT and (stem in text or any(word in stem for word in _long(text)))


def _long(text: str) -> Iterator[str]:
    """Yield the words of a message that are long enough to be names."""
    for word in _WORD.findall(text):
        plain = word.removeprefix("lib")
        if len(plain) > _SHORT + 1:  # not "the"
            yield plain
