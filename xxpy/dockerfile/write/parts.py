"""Render Dockerfiles and their parts from ``templates/dockerfile`` and rows, between markers.

What is generated stands between two comments::

    # xxpy: begin inline linux/amd64 linux/arm64
    RUN <<"END" …
    # xxpy: end

The first names the part and what it was made from, so that it can be made again: :func:`stale` says
where that gives another text, :func:`renew` puts that text in its place. Who changes a part by hand
deletes the two lines, and it is theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from xxpy.dockerfile.stages import TARGET_FILE
from xxpy.dockerfile.write import recipe, request
from xxpy.errors import UsageError, nearest
from xxpy.table.names import go_environment
from xxpy.table.platform import parse
from xxpy.templates import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from xxpy.dockerfile.tools import Tools
    from xxpy.dockerfile.write.recipe import Recipes
    from xxpy.dockerfile.write.request import Request
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

BEGIN: Final = "xxpy: begin"
END: Final = "xxpy: end"

_ORDERS: Final[Mapping[str, Literal["little", "big"]]] = {"little": "little", "big": "big"}

_PART: Final = re.compile(
    rf"^# {BEGIN} (?P<name>[a-z-]+)(?P<words>[^\n]*)\n.*?^# {END}\n?", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What everything here is rendered from.

    :param templates: the text of everything below ``templates/``, by its path there
    """

    table: Table
    tools: Tools
    recipes: Recipes
    templates: Mapping[str, str]


def inline(sources: Sources, platforms: Iterable[Platform]) -> str:
    """Return the step, between its markers, that writes Go's names of platforms to a file.

    :raises UsageError: Go has no port for one of them
    """
    chosen = tuple(platforms)
    facts = _branches(sources, chosen)
    return _marked(
        "inline", " ".join(platform.key for platform in chosen), _render(sources, "inline", facts)
    )


def tests(sources: Sources) -> dict[str, str]:
    """Return the steps that judge what leaves a stage, with ``PATHS`` where the paths go.

    They judge by the first bytes of files, or by ``xx-verify``.
    """
    machines = sorted({entry for row in sources.table.rows.values() for entry in _machines(row)})
    facts = {"machines": machines, "untold": ()}
    return {
        "verify": _render(sources, "verify", facts),
        "verify-args": _render(sources, "verify", facts | {"untold": _untold(sources.table)}),
        "verify-xx": _render(sources, "verify-xx", {}),
        "verify-dotnet": _render(sources, "verify-dotnet", facts | _of_dotnet(sources)),
        "no-programs": _render(sources, "no-programs", {}),
    }


def _of_dotnet(sources: Sources) -> dict[str, object]:
    """Return the machine fields of what .NET makes: for every machine, and compiled for Linux."""
    facts = sources.tools.dotnet
    fields = {
        (row.platform.architecture, row.pe.machine ^ facts.composite)
        for row in sources.table.rows.values()
        if row.pe is not None
    }
    compiled = {f"{name}={field.to_bytes(2, 'little').hex()}" for name, field in fields}
    return {"il": facts.il.to_bytes(2, "little").hex(), "compiled": sorted(compiled)}


def _untold(table: Table) -> list[str]:
    """Return the variants that cannot run what Go compiles for the plain architecture."""
    found = []
    for row in table.rows.values():
        platform = row.platform
        if platform.os != "linux" or not platform.variant or row.go is None or row.elf is None:
            continue
        plain = table.row(parse(f"{platform.os}/{platform.architecture}", table.words)).elf
        if plain is not None and (row.elf.level or 0) < (plain.level or 0):
            found.append(f"{platform.architecture}/{platform.variant}")
    return found


def _machines(row: Row) -> Iterator[str]:
    """Yield architecture and machine field, in hexadecimal, of programs for a Go platform."""
    architecture = row.platform.architecture
    if row.go and row.elf is not None:
        yield f"{architecture}={row.elf.machine.to_bytes(2, _ORDERS[row.data.byte_order]).hex()}"
    elif row.go and row.pe is not None:
        yield f"{architecture}={row.pe.machine.to_bytes(2, 'little').hex()}"
    elif row.go and row.macho is not None:
        yield f"{architecture}={row.macho.cputype.to_bytes(4, 'little').hex()}"


def cross_files(sources: Sources) -> dict[str, str]:
    """Return the steps that write the cross file of Meson and the toolchain file of CMake."""
    return {name: _render(sources, name, {}) for name in ("meson-cross", "cmake-cross")}


def snippet(sources: Sources, name: str) -> str:
    """Return a snippet, between its markers.

    :raises UsageError: there is none of that name
    """
    if name not in sources.recipes.snippets:
        known = sources.recipes.snippets
        raise UsageError(
            f"there is no snippet {name}", nearest(name, known) or f"there are {', '.join(known)}"
        )
    return _marked("snippet", name, _render(sources, f"snippets/{name}", {}))


def new(sources: Sources, asked: Request) -> str:
    """Return a whole Dockerfile, between its markers.

    :raises UsageError: it cannot be meant, with the reason
    """
    installs = {
        name: (manager.build, manager.target) for name, manager in sources.tools.managers.items()
    }
    template, facts = recipe.facts(sources.recipes, asked, installs)
    platforms = [parse(name, sources.table.words) for name in sources.tools.platforms]
    return _marked(
        "new",
        asked.words(),
        _render(sources, f"new/{template}", facts | _branches(sources, platforms)),
    )


def ignore(sources: Sources, language: str) -> str:
    """Return a ``.dockerignore`` for a project in a language.

    :raises UsageError: there is no such language
    """
    return _render(sources, "dockerignore", {"patterns": recipe.ignore(sources.recipes, language)})


def stale(sources: Sources, text: str) -> list[tuple[int, str]]:
    """Return line and name of each generated part whose text would be another one today."""
    return [
        (text.count("\n", 0, part.start()) + 1, part["name"])
        for part in _PART.finditer(text)
        if part[0].rstrip("\n") != _again(sources, part).rstrip("\n")
    ]


def renew(sources: Sources, text: str) -> str:
    """Return the text with every generated part made again."""
    return _PART.sub(
        lambda part: _again(sources, part).rstrip("\n") + ("\n" if part[0].endswith("\n") else ""),
        text,
    )


def _again(sources: Sources, part: re.Match[str]) -> str:
    if part["name"] not in PARTS:
        raise UsageError(
            f"there is no generated part {part['name']}",
            nearest(part["name"], PARTS) or f"there are {', '.join(PARTS)}",
        )
    return PARTS[part["name"]](sources, part["words"].strip())


def _branches(sources: Sources, platforms: Iterable[Platform]) -> dict[str, object]:
    branches = []
    for platform in platforms:
        names = go_environment(sources.table.row(platform))
        if not names:
            raise UsageError(f"Go has no port for {platform}", "leave it out")
        exports = " ".join(("export", *(f"{name}={value}" for name, value in names.items())))
        branches.append({"platform": platform.key, "exports": exports})
    return {"branches": branches, "file": TARGET_FILE}


def _render(sources: Sources, template: str, facts: Mapping[str, object]) -> str:
    return environment(sources.templates).get_template(f"dockerfile/{template}.j2").render(facts)


def _marked(name: str, words: str, text: str) -> str:
    return f"# {BEGIN} {name} {words}\n{text}# {END}\n"


PARTS: Final[Mapping[str, Callable[[Sources, str], str]]] = {
    "inline": lambda sources, words: inline(
        sources, [parse(word, sources.table.words) for word in words.split()]
    ),
    "snippet": snippet,
    "new": lambda sources, words: new(sources, request.read(words)),
}
"""Every kind of generated part, and how its words make it again."""
