"""What new Dockerfiles are made of: the rows of ``toolchains/dockerfile/recipes.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping  # noqa: TC003 - the loader reads the annotations at run time
from dataclasses import dataclass
from typing import Any, Final

from xxpy.dockerfile.write.request import MODES, Request, check, known
from xxpy.errors import TableError, UsageError
from xxpy.table.decode import Decoder

FILE: Final = "dockerfile/recipes.toml"
"""Where the rows are, below ``toolchains/``."""
_WITH_COMMANDS: Final = ("xx", "vendored")
"""The modes that have a C compiler for the target."""


@dataclass(frozen=True, slots=True)
class Base:
    """A distribution to build on."""

    libc: str
    manager: str
    source: str
    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class System:
    """A build system: the languages, and the packages that it needs here and of the target.

    :param title: how messages call it, where that is not its name
    :param package: what names one program of several, or "" where the project's own files decide
    """

    languages: tuple[str, ...]
    packages: tuple[str, ...]
    target: tuple[str, ...]
    title: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class Runtime:
    """An image to run in.

    :param has: what it has of :attr:`Recipes.data`
    """

    static: str
    source: str
    dynamic: str = ""
    libc: str = ""
    has: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Data:
    """Files that programs read, for every machine the same.

    :param package: what brings them, in every distribution
    """

    package: str
    path: str
    folder: str


@dataclass(frozen=True, slots=True)
class Recipes:
    """All rows.

    :param ignored: what no build reads, by language; ``all`` for every one
    """

    bases: Mapping[str, Base]
    systems: Mapping[str, System]
    runtimes: Mapping[str, Runtime]
    data: Mapping[str, Data]
    renames: Mapping[str, Mapping[str, str]]
    snippets: Mapping[str, str]
    ignored: Mapping[str, tuple[str, ...]]

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that there is a recipe for."""
        return tuple(
            dict.fromkeys(
                language for system in self.systems.values() for language in system.languages
            )
        )

    def systems_of(self, language: str) -> tuple[str, ...]:
        """Return the build systems of a language, the usual one first."""
        return tuple(name for name, system in self.systems.items() if language in system.languages)


def load(text: str) -> Recipes:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    faults: list[str] = []
    decoder = Decoder(faults)
    raw: dict[str, Any] = tomllib.loads(text)

    def rows(kind: type[Any], section: str) -> dict[str, Any]:
        entries = raw.get(section, {}).items()
        return {
            name: decoder.build(kind, entry, f"{FILE}: {section}.{name}") for name, entry in entries
        }

    recipes = Recipes(
        rows(Base, "base"),
        rows(System, "system"),
        rows(Runtime, "runtime"),
        rows(Data, "data"),
        raw.get("rename", {}),
        raw.get("snippet", {}),
        {name: tuple(patterns) for name, patterns in raw.get("ignored", {}).items()},
    )
    if faults:
        raise TableError(faults)
    return recipes


def facts(
    recipes: Recipes, request: Request, installs: Mapping[str, tuple[str, str]], image: str = "xx"
) -> tuple[str, dict[str, object]]:
    """Return the template of a request and what it prints.

    :param installs: the name of a manager of packages to how steps that install begin, here and for
        the target
    :raises UsageError: it cannot be meant, with the reason
    """
    name = _system(recipes, request)
    base, system = recipes.bases[request.base], recipes.systems[name]
    runtime = recipes.runtimes[request.runtime]
    static = not system.packages or not runtime.dynamic
    _together(recipes, request, name, static=static)
    renamed = recipes.renames.get(base.manager, {})
    here, there = installs[base.manager]
    wanted = {"certificates": request.certificates, "zones": request.zones}
    data = [
        recipes.data[kind] for kind, asked in wanted.items() if asked and kind not in runtime.has
    ]
    packages = [renamed.get(package, package) for package in system.packages]
    program = f"/usr/bin/{request.name}"
    return name, {
        "image": base.images[request.language],
        "install": here,
        "install_target": there,
        "packages": sorted({*packages, *(each.package for each in data)}),
        "target": system.target,
        "xx": image if request.mode == "xx" else "",
        "commands": request.mode in _WITH_COMMANDS,
        "vendored": request.mode == "vendored",
        "args": request.mode == "args",
        "inline": request.mode == "inline",
        "static": static,
        "runtime": runtime.static if static else runtime.dynamic,
        "data": data,
        "name": request.name,
        "package": request.package,
        "layer": request.layer,
        "ports": request.ports,
        "health": [program, *request.health] if request.health else [],
    }


def _system(recipes: Recipes, request: Request) -> str:
    """Return the build system; refuse words that nobody knows."""
    known("language", request.language, recipes.languages)
    fitting = recipes.systems_of(request.language)
    name = request.system or fitting[0]
    known("build system", name, fitting)
    known("base", request.base, tuple(recipes.bases))
    known("runtime", request.runtime, tuple(recipes.runtimes))
    known("mode", request.mode, MODES)
    check(request)
    return name


def _together(recipes: Recipes, request: Request, name: str, *, static: bool) -> None:
    """Refuse what does not go together, and say why."""
    system, base, runtime = (
        recipes.systems[name],
        recipes.bases[request.base],
        recipes.runtimes[request.runtime],
    )
    title = system.title or name
    if request.mode not in _WITH_COMMANDS and system.packages:
        raise UsageError(
            f"mode {request.mode} gives Go the names of the target and no C compiler, which"
            f" {title} needs",
            f"--mode {' or --mode '.join(_WITH_COMMANDS)}",
        )
    if request.package and not system.package:
        raise UsageError(
            f"--package is for Go and Cargo; with {title} the project's own files say what is"
            " built",
            "leave --package out; --name says which program goes into the image",
        )
    if not static and base.libc != runtime.libc:
        fitting = next(each for each, row in recipes.bases.items() if row.libc == runtime.libc)
        raise UsageError(
            f"a program that was built on {request.base} needs the C library {base.libc}, and"
            f" {request.runtime} has {runtime.libc}",
            f"--base {fitting}, or --runtime scratch, which links it statically",
        )


def ignore(recipes: Recipes, language: str) -> tuple[str, ...]:
    """Return the patterns of a ``.dockerignore``.

    :raises UsageError: there is no such language
    """
    known("language", language, recipes.languages)
    return (*recipes.ignored.get("all", ()), *recipes.ignored.get(language, ()))
