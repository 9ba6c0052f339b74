"""Rows of ``toolchains/dockerfile/tools.toml``: meanings of commands, packages and images."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from xxpy.dockerfile.tool_rows import (
    Crate,
    Dotnet,
    Image,
    Language,
    Manager,
    Meaning,
    Package,
    RustLibc,
    System,
    Tool,
    matches,
    verb_of,
)
from xxpy.errors import TableError, nearest
from xxpy.table.decode import Decoder

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from xxpy.dockerfile.shell import Command

FILE: Final = "dockerfile/tools.toml"
"""Where the rows stand, below ``toolchains/``."""

KINDS: Final = ("compile", "configure", "test")
DOES: Final = ("neutral", "asks", "portable", "packages", "tools", "refused")
_VERSION: Final = re.compile(r"[=<>~@/]")
"""What parts the name of a package from its version, or from where it comes."""
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Tools:
    """All rows."""

    tools: tuple[Tool, ...]
    packages: tuple[Package, ...]
    managers: Mapping[str, Manager]
    images: tuple[Image, ...]
    languages: tuple[Language, ...]
    system: System
    platforms: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    installers: tuple[str, ...] = ()
    sourced: tuple[str, ...] = ()
    native: tuple[str, ...] = ()
    crates: tuple[Crate, ...] = ()
    c_modules: tuple[str, ...] = ()
    c_crates: tuple[str, ...] = ()
    rust_libc: tuple[RustLibc, ...] = ()
    no_shell: tuple[str, ...] = ()
    """Images in which no shell of POSIX runs."""
    dotnet: Dotnet = field(default_factory=Dotnet)

    def libc_of_rust(self, target: str) -> RustLibc | None:
        """Return the C library of a target of Rust."""
        return next((row for row in self.rust_libc if matches(target, row.targets)), None)

    def meaning(self, name: str, arguments: list[str]) -> Meaning | None:
        """Return the first row of ``[[command]]`` that fits."""
        return next((row for row in self.meanings if row.fits(name, arguments)), None)

    def of(self, command: Command) -> Tool | None:
        """Return the first row that fits a command."""
        return next((tool for tool in self.tools if tool.fits(command)), None)

    def package(self, name: str) -> Package | None:
        """Return what stands in for a package; None for a tool, which stays.

        :param name: with a version where there is one, as apt and apk write it; a name with an
            architecture has no row
        """
        plain = _VERSION.split(name, maxsplit=1)[0]
        found = (package for package in self.packages if matches(plain, package.names))
        return None if ":" in plain else next(found, None)

    def manager_of(self, command: Command) -> Manager | None:
        """Return the manager that installs packages by this command."""
        found = (manager for manager in self.managers.values() if command.name in manager.commands)
        return next(
            (
                manager
                for manager in found
                if any(word.text == manager.verb for word in command.arguments)
            ),
            None,
        )

    def manager_in(self, image: str) -> Manager | None:
        """Return the manager of packages in an image."""
        found = next((row.manager for row in self.images if matches(image, row.names)), None)
        return self.managers[found] if found else None

    def language_in(self, image: str) -> str:
        """Return the language whose tools an image holds, or ""."""
        return next((row.name for row in self.languages if matches(image, row.images)), "")

    @cached_property
    def wrappers(self) -> frozenset[str]:
        """The names of the commands that install packages of the target."""
        return frozenset(name for manager in self.managers.values() for name in manager.wrappers)


_SECTIONS: Final = (
    "tool",
    "package",
    "manager",
    "image",
    "language",
    "system",
    "inline",
    "command",
    "installers",
    "sourced",
    "native",
    "crate",
    "c-crates",
    "rust-libc",
    "no-shell",
    "cgo",
    "dotnet",
)


def load(text: str) -> Tools:
    """Return the rows in the text of the file.

    :raises TableError: with all faults
    """
    raw = tomllib.loads(text)
    faults = list(_unknown_sections(raw))
    decoder = Decoder(faults)

    def rows(kind: type[_Row], section: str) -> tuple[_Row, ...]:
        entries: list[Any] = raw.get(section, [])
        made = (
            decoder.build(kind, entry, f"{FILE}: {section}[{number}]")
            for number, entry in enumerate(entries)
        )
        return tuple(row for row in made if row is not None)

    listed = partial(_listed, raw)
    for entry in raw.get("command", ()):
        entry["has"] = entry.pop("with", [])
    managers = _managers(raw, decoder)
    made = Tools(
        rows(Tool, "tool"),
        rows(Package, "package"),
        managers,
        rows(Image, "image"),
        rows(Language, "language"),
        decoder.build(System, raw.get("system", {}), f"{FILE}: system") or System((), ()),
        listed("inline", "platforms"),
        rows(Meaning, "command"),
        listed("installers", "urls"),
        listed("sourced", "files"),
        listed("native", "options"),
        rows(Crate, "crate"),
        listed("cgo", "modules"),
        listed("c-crates", "crates"),
        rows(RustLibc, "rust-libc"),
        listed("no-shell", "images"),
        decoder.build(Dotnet, raw.get("dotnet", {}), f"{FILE}: dotnet") or Dotnet(),
    )
    faults += _unknown(made, raw.get("manager", {}))
    if faults:
        raise TableError(faults)
    return made


def _listed(raw: Mapping[str, Any], section: str, key: str) -> tuple[str, ...]:
    return tuple(raw.get(section, {}).get(key, ()))


def _managers(raw: Mapping[str, Any], decoder: Decoder) -> dict[str, Manager]:
    """Return the managers of packages; a faulty one is left out."""
    found = {
        name: decoder.build(Manager, entry, f"{FILE}: manager.{name}")
        for name, entry in raw.get("manager", {}).items()
    }
    return {name: manager for name, manager in found.items() if manager is not None}


def _unknown_sections(raw: Iterable[str]) -> Iterator[str]:
    """Yield a fault for each section that is none of the known ones."""
    for key in raw:
        if key not in _SECTIONS:
            yield f"{FILE}: {key}: unknown section; {nearest(key, _SECTIONS)}"


def _unknown(made: Tools, managers: Container[str]) -> Iterator[str]:
    """Yield a fault for each value that is none of the known ones."""
    for row in made.meanings:
        if row.does not in DOES:
            known = ", ".join(DOES)
            yield f"{FILE}: command {row.commands[0]}.does: {row.does!r} is not one of {known}"
    for tool in made.tools:
        if tool.kind not in KINDS:
            known = ", ".join(KINDS)
            yield f"{FILE}: tool {tool.commands[0]}.kind: {tool.kind!r} is not one of {known}"
    for image in made.images:
        if image.manager not in managers:
            yield f"{FILE}: image {image.names[0]}.manager: {image.manager!r} is no manager"


__all__ = [
    "DOES",
    "FILE",
    "KINDS",
    "Crate",
    "Dotnet",
    "Image",
    "Language",
    "Manager",
    "Meaning",
    "Package",
    "System",
    "Tool",
    "Tools",
    "load",
    "matches",
    "verb_of",
]
