"""Choose the packages that have what a build needs, and say which of several cannot be chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.sysroot.needs import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.sysroot.contents import Index
    from xxpy.sysroot.needs import Need, Thing

_DEVELOPMENT: Final = re.compile(r"-dev(?:$|-)")
_CROSS: Final = re.compile(r"-cross$|-mingw|-dbg$")
_WORDS: Final = re.compile(r"[^a-z0-9]+")
_SEVERAL: Final = 6
"""How many packages with a file in a folder of their own count as a choice at all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A package for a need.

    :param path: the file by which it was found
    """

    package: str
    need: Need
    path: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A need that several packages satisfy, none of which is the obvious one."""

    need: Need
    packages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about the needs of a build.

    :param unknown: needs of which no package has a file
    """

    taken: tuple[Taken, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    unknown: tuple[Need, ...] = ()


def answer(
    needs: Iterable[Need], index: Index, chosen: Iterable[str], preferred: Iterable[str]
) -> Answer:
    """Return the packages that satisfy needs.

    :param chosen: the packages that the build already has; what they have needs no other
    :param preferred: patterns of the packages to take where several have a file
    """
    have, usual = {name.partition("=")[0] for name in chosen}, set(preferred)
    taken: dict[str, Taken] = {}
    unclear, unknown = [], []
    for need in dict.fromkeys(needs):
        found = _best(need, index, have | taken.keys(), usual)
        if found is None:
            unknown.append(need)
        elif isinstance(found, Unclear):
            unclear.append(found)
        elif found.package not in have:
            taken.setdefault(found.package, found)
    return Answer(tuple(taken.values()), tuple(unclear), tuple(unknown))


def _best(need: Need, index: Index, have: set[str], usual: set[str]) -> Taken | Unclear | None:
    """Return the package for the first thing of a need that any package has."""
    several: Unclear | None = None
    for thing in need.things:
        for files in _files(thing, index):
            packages = _sensible(package for _, names in files for package in names)
            chosen = _obvious(thing, packages, have, usual)
            if chosen is not None:
                path = next(path for path, names in files if chosen in names)
                return Taken(chosen, need, path)
            if packages and several is None:
                several = Unclear(need, packages)
    return several


def _files(thing: Thing, index: Index) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    """Yield the files that are a thing with their packages: where compilers look, then others."""
    triple, name = index.triple, thing.name
    match thing.kind:
        case Kind.HEADER:
            found = list(index.ending(name))
            direct = {f"usr/include/{name}", f"usr/include/{triple}/{name}"}
            yield [one for one in found if one[0] in direct]
            other = [one for one in found if one[0].startswith("usr/include/")]
            if len({package for _, names in other for package in names}) <= _SEVERAL:
                yield other
        case Kind.MODULE:
            places = {f"usr/lib/{triple}/", "usr/lib/", "usr/share/"}
            end = f"pkgconfig/{name}.pc"
            yield [one for one in index.ending(end) if one[0].removesuffix(end) in places]
        case Kind.LIBRARY:
            for ending in ("so", "a"):
                end = f"lib{name}.{ending}"
                places = {
                    f"{top}lib/{middle}" for top in ("usr/", "") for middle in (f"{triple}/", "")
                }
                yield [one for one in index.ending(end) if one[0].removesuffix(end) in places]
        case Kind.CMAKE:
            ends = (f"{name}Config.cmake", f"{name.lower()}-config.cmake")
            yield [one for end in ends for one in index.ending(end)]
        case Kind.PACKAGE:
            yield [("", (name,))] if index.has(name) else []
        case Kind.FUNCTION | Kind.VARIABLE:
            return


def _sensible(packages: Iterable[str]) -> tuple[str, ...]:
    """Return packages without those for cross compilers, and only those for development if any."""
    found = sorted({name for name in packages if not _CROSS.search(name)})
    return tuple([name for name in found if _DEVELOPMENT.search(name)] or found)


def _obvious(
    thing: Thing, packages: tuple[str, ...], have: set[str], usual: set[str]
) -> str | None:
    """Return the one of several packages that is meant, or None."""
    if len(packages) == 1:
        return packages[0]
    for known in (have, usual):
        both = [name for name in packages if any(fnmatchcase(name, one) for one in known)]
        if len(both) == 1:
            return both[0]
    wanted = _plain(thing.name.removesuffix(".h").rpartition("/")[2])
    named = [name for name in packages if _plain(re.sub(r"-dev.*$", "", name)) == wanted]
    return named[0] if len(named) == 1 else None


def _plain(name: str) -> str:
    """Return a name without ``lib`` and punctuation.

    >>> _plain("libsdl2-image"), _plain("SDL2_image")
    ('sdl2image', 'sdl2image')
    """
    return _WORDS.sub("", name.lower().removeprefix("lib"))
