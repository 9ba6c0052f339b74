"""Recipes: how to build other people's programs for other platforms. They are in ``recipes.toml``.

The tests of this folder follow each recipe, and its page in ``docs/recipes`` is rendered from the
same row::

    [lua]
    title = "Lua"
    text = "What is special about it."
    source = { debian = "lua5.4", version = "5.4.4", file = "lua5.4_5.4.4.orig.tar.gz", sha256 = "…" }
    configuration = 'platforms = ["linux/arm64"]'       # what the user writes into xxpy.toml
    checks = [{ program = "lua", arguments = ["-e", "print(6*7)"], says = "42" }]

A source is a package of Debian 12 (the archive that its authors released, without Debian's
changes), a crate, or absent: then ``files`` is the whole project, and its own lock file holds the
hashes of its dependencies.
"""

from __future__ import annotations

import shlex
import textwrap
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("recipes.toml")
PAGES: Final = "docs/recipes"
_COLUMNS: Final = 100
_PORT: Final = 8000
"""The port that a page names; the test takes one that is free."""
_FENCES: Final = {".go": "go", ".mod": "text", ".sum": "text", ".toml": "toml"}


@dataclass(frozen=True, slots=True)
class Source:
    """An archive of a registry, pinned by its hash.

    :param version: the version of the program
    :param sha256: the hash of the archive
    :param debian: the source package of Debian 12, or ""
    :param crate: the crate, or ""
    :param file: the name of the archive, where it does not follow from the rest
    """

    version: str
    sha256: str
    debian: str = ""
    crate: str = ""
    file: str = ""

    @property
    def archive(self) -> str:
        """The name of the archive."""
        return self.file or f"{self.crate}-{self.version}.crate"


@dataclass(frozen=True, slots=True)
class Check:
    """A program that is run on every platform that was built.

    :param program: its path below the folder of a platform, without the ending of Windows
    :param says: what is in its output, or "" where it only has to succeed
    :param arguments: its arguments; ``PORT`` in them is the port of the command beside it
    :param beside: a command that runs meanwhile and listens on ``PORT``; ``FOLDER`` in it is the
        folder of the platform
    :param platforms: where it is run; without any on all
    """

    program: str
    says: str
    arguments: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()

    def fill(self, folder: str, port: int, suffix: str = "") -> Check:
        """Return the check for one platform.

        :param folder: the folder of the platform: ``dist/linux_arm64``
        :param suffix: the ending of its programs
        """
        filled = {"FOLDER": folder, "PORT": str(port)}
        arguments, beside = (
            tuple(_filled(word, filled) for word in words)
            for words in (self.arguments, self.beside)
        )
        return replace(
            self, program=f"{folder}/{self.program}{suffix}", arguments=arguments, beside=beside
        )


def _filled(word: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        word = word.replace(name, value)
    return word


@dataclass(frozen=True, slots=True)
class Recipe:
    """One program.

    :param text: what is special about it, for people
    :param configuration: the text of ``xxpy.toml``, which names the platforms
    :param options: further options of ``xxpy build``
    :param folder: the folder of the project below that of the source
    :param files: files that are written into the project, by their name
    :param produced: by platform, files that must be there besides the programs that are run
    """

    name: str
    title: str
    text: str
    configuration: str
    source: Source | None = None
    folder: str = "."
    options: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    produced: dict[str, list[str]] = field(default_factory=dict)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that it is built for."""
        return tuple(tomllib.loads(self.configuration)["platforms"])

    @property
    def command(self) -> str:
        """The command that builds it."""
        return shlex.join(("xxpy", "build", *self.options))


def load() -> dict[str, Recipe]:
    """Return all recipes by their names."""
    return {
        name: _recipe(name, raw) for name, raw in tomllib.loads(FILE.read_text("utf-8")).items()
    }


def _recipe(name: str, raw: dict[str, Any]) -> Recipe:
    source = Source(**raw.pop("source")) if "source" in raw else None
    checks = tuple(_check(row) for row in raw.pop("checks"))
    return Recipe(name, source=source, checks=checks, options=tuple(raw.pop("options", ())), **raw)


def _check(raw: dict[str, Any]) -> Check:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
    }
    return Check(**values)


def page(recipe: Recipe) -> str:
    """Return the page of a recipe."""
    lines = [
        f"# {recipe.title}",
        "",
        "<!-- made by make update from tests/recipes/recipes.toml -->",
        "",
        *textwrap.wrap(recipe.text.strip(), _COLUMNS, break_on_hyphens=False),
        "",
    ]
    lines += _source(recipe)
    for name, text in {**recipe.files, "xxpy.toml": recipe.configuration}.items():
        lines += [f"`{name}`:", "", f"```{_FENCES[Path(name).suffix]}", text.strip(), "```", ""]
    lines += ["```sh", recipe.command, "```", ""]
    folder = f"dist/{recipe.platforms[0].replace('/', '_')}"
    for check in (check.fill(folder, _PORT) for check in recipe.checks):
        command = shlex.join(("xxpy", "run", check.program, *check.arguments))
        outcome = textwrap.wrap(_outcome(check), _COLUMNS)
        lines += ["```sh", command, "```", "", *outcome, *([""] if outcome else [])]
    return "\n".join(lines).rstrip() + "\n"


def _outcome(check: Check) -> str:
    """Return what a program prints, in one sentence, or "" if it prints nothing."""
    if not check.says:
        return ""
    outcome = f"This prints `{check.says}`"
    meanwhile = f" while `{shlex.join(check.beside)}` runs" if check.beside else ""
    where = f", on {', '.join(check.platforms)}" if check.platforms else ""
    return f"{outcome}{meanwhile}{where}."


def _source(recipe: Recipe) -> list[str]:
    source = recipe.source
    if source is None:
        return []
    if source.crate:
        command = [
            f"tar xf ~/.cargo/registry/cache/*/{source.archive}",
            f"cd {source.crate}-{source.version}",
        ]
        origin = f"the crate `{source.crate}` {source.version}"
    else:
        command = [
            f"apt-get source --download-only {source.debian}",
            f"tar xf {source.archive} --one-top-level={recipe.name} --strip-components=1",
        ]
        command += [f"cd {PurePosixPath(recipe.name, recipe.folder)}"]
        origin = f"version {source.version} as in Debian's source package `{source.debian}`"
    return [f"The source is {origin}:", "", "```sh", *command, "```", ""]


def index() -> list[str]:
    """Return the table of all recipes."""
    lines = ["| program | source | platforms |", "| --- | --- | --- |"]
    for recipe in load().values():
        kind = "on the page" if recipe.source is None else recipe.source.archive
        lines.append(
            f"| [{recipe.title}]({recipe.name}.md) | {kind} | {', '.join(recipe.platforms)} |"
        )
    return lines
