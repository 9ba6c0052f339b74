"""What new Dockerfiles are made of: the rows of ``toolchains/dockerfile/recipes.toml``, and which of them go together."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import TableError, UsageError, nearest
from xxpy.table.decode import Getter

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = "dockerfile/recipes.toml"
"""Where the rows stand, below ``toolchains/``."""
MODES: Final = ("xx", "vendored", "args", "inline")
_PROGRAM: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")


@dataclass(frozen=True, slots=True)
class Base:
    """A distribution to build on."""

    libc: str
    manager: str
    source: str
    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class System:
    """A build system: the languages, and the packages that it needs here and of the target."""

    languages: tuple[str, ...]
    packages: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Runtime:
    """An image to run in."""

    static: str
    source: str
    dynamic: str = ""
    libc: str = ""


@dataclass(frozen=True, slots=True)
class Recipes:
    """All rows."""

    bases: Mapping[str, Base]
    systems: Mapping[str, System]
    runtimes: Mapping[str, Runtime]
    renames: Mapping[str, Mapping[str, str]]
    snippets: Mapping[str, str]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that there is a recipe for."""
        return tuple(
            dict.fromkeys(
                language for system in self.systems.values() for language in system.languages
            )
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new Dockerfile shall be.

    :param system: the build system; "" for the first of the language
    :param name: the name of the program
    :param mode: how the compilers learn the target
    """

    language: str
    system: str = ""
    base: str = "debian"
    runtime: str = "scratch"
    mode: str = "xx"
    name: str = "app"

    def words(self) -> str:
        """Return it as a marker line has it, and :func:`wish` reads it."""
        pairs = (
            ("language", self.language),
            ("system", self.system),
            ("base", self.base),
            ("runtime", self.runtime),
        )
        return " ".join(
            f"{key}={value}"
            for key, value in (*pairs, ("mode", self.mode), ("name", self.name))
            if value
        )


def wish(words: str) -> Wish:
    """Return the wish that a marker line names.

    :raises UsageError: it names something else
    """
    pairs = dict(word.partition("=")[::2] for word in words.split())
    unknown = pairs.keys() - Wish.__annotations__.keys()
    if unknown or "language" not in pairs:
        raise UsageError(
            f"a marker line cannot be read: {words.strip()}", "delete it, and the part is yours"
        )
    return Wish(**pairs)


def load(text: str) -> Recipes:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    faults: list[str] = []
    getter = Getter(faults)
    raw: dict[str, Any] = tomllib.loads(text)

    def rows(kind: type[Any], section: str) -> dict[str, Any]:
        return {
            name: getter.build(kind, entry, f"{FILE}: {section}.{name}")
            for name, entry in raw.get(section, {}).items()
        }

    recipes = Recipes(
        rows(Base, "base"),
        rows(System, "system"),
        rows(Runtime, "runtime"),
        raw.get("rename", {}),
        raw.get("snippet", {}),
    )
    if faults:
        raise TableError(faults)
    return recipes


def facts(
    recipes: Recipes, chosen: Wish, installs: Mapping[str, tuple[str, str]], image: str = "xx"
) -> tuple[str, dict[str, object]]:
    """Return the template of a wish and what it prints.

    :param installs: the name of a manager of packages to how steps that install begin, here and for the target
    :raises UsageError: the wish cannot be meant
    """
    _known("language", chosen.language, recipes.languages)
    fitting = [
        name for name, system in recipes.systems.items() if chosen.language in system.languages
    ]
    name = chosen.system or fitting[0]
    _known("build system", name, fitting)
    _known("base", chosen.base, recipes.bases)
    _known("runtime", chosen.runtime, recipes.runtimes)
    _known("mode", chosen.mode, MODES)
    if not _PROGRAM.fullmatch(chosen.name):
        raise UsageError(
            f"{chosen.name!r} cannot be the name of a program",
            "letters, digits and ._+- without a path",
        )
    base, system, runtime = (
        recipes.bases[chosen.base],
        recipes.systems[name],
        recipes.runtimes[chosen.runtime],
    )
    if chosen.mode not in {"xx", "vendored"} and system.packages:
        raise UsageError(f"mode {chosen.mode} is for Go, not for {chosen.language}", "--mode xx")
    static = not system.packages or not runtime.dynamic
    if not static and base.libc != runtime.libc:
        raise UsageError(
            f"a program that was built on {chosen.base} does not run on {chosen.runtime}",
            "--runtime scratch makes it static",
        )
    renamed = recipes.renames.get(base.manager, {})
    here, there = installs[base.manager]
    return name, {
        "image": base.images[chosen.language],
        "install": here,
        "install_target": there,
        "packages": [renamed.get(package, package) for package in system.packages],
        "target": system.target,
        "xx": image if chosen.mode == "xx" else "",
        "commands": chosen.mode in {"xx", "vendored"},
        "vendored": chosen.mode == "vendored",
        "args": chosen.mode == "args",
        "inline": chosen.mode == "inline",
        "static": static,
        "runtime": runtime.static if static else runtime.dynamic,
        "name": chosen.name,
    }


def _known(what: str, word: str, known: object) -> None:
    names = [str(name) for name in known]  # type: ignore[attr-defined]
    if word not in names:
        raise UsageError(
            f"there is no {what} {word}", nearest(word, names) or f"there are {', '.join(names)}"
        )
