"""What the project in a folder says of a new Dockerfile for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError
from xxpy.language import detect
from xxpy.language.go import module
from xxpy.language.rust import package
from xxpy.language.rust.project import manifest

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.dockerfile.write.parts import Sources
    from xxpy.dockerfile.write.request import Request

GO, CGO, RUST, C = "go", "cgo", "rust", "c"
_MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says, where that is not a part of the request.

    :param cgo: None where the project decides
    """

    cgo: bool | None = None
    name: str | None = None


def language(folder: Path, sources: Sources) -> tuple[str, str]:
    """Return the language and the build system of the project in a folder.

    :raises UsageError: there is none that a recipe is for
    """
    known = sources.recipes.languages
    found = detect.found(folder)
    for name in found:
        if name in known:
            return name, ""
        if name in sources.recipes.systems_of(C):
            return C, name
    raise UsageError(
        "there is no project here to take the language from", f"--language {' or '.join(known)}"
    )


def complete(
    request: Request, asked: Asked, folder: Path, sources: Sources
) -> tuple[Request, list[str]]:
    """Return a request with what the project says, and notes about it for people.

    :raises UsageError: the project has several programs, or what is asked for is for other
        languages
    """
    if request.language == GO:
        return _go(request, asked, folder, sources)
    if asked.cgo is not None:
        raise UsageError(
            f"--{'' if asked.cgo else 'no-'}cgo is for Go, and this Dockerfile is for"
            f" {request.language}",
            "leave it out",
        )
    if request.language == RUST:
        return _rust(request, asked, folder), []
    return replace(request, name=asked.name or request.name), []


def _go(
    request: Request, asked: Asked, folder: Path, sources: Sources
) -> tuple[Request, list[str]]:
    there = (folder / module.MARKER).is_file()
    package_ = _relative(request.package)
    if there and not package_:
        package_ = _only(module.programs(folder))
    evidence = module.needs_c(folder, sources.tools.c_modules, sources.table) if there else ""
    if asked.cgo and request.system not in {"", CGO}:
        raise UsageError(
            f"--cgo and --build-system {request.system} exclude each other", "leave one of them out"
        )
    cgo = bool(evidence) if asked.cgo is None else asked.cgo
    last = package_.rstrip("/").rpartition("/")[2].strip(".")
    named = asked.name or last or (module.name(folder) if there else "") or request.name
    notes = []
    if cgo and asked.cgo is None:
        notes.append(f"cgo is on: {evidence}; --no-cgo turns it off")
    layer = module.is_alone(folder) if there else request.layer
    system = CGO if cgo else request.system
    return replace(request, name=named, package=package_, system=system, layer=layer), notes


def _relative(named: str) -> str:
    """Put ``./`` in front of a folder, since Go looks for other names in its standard library."""
    first = named.partition("/")[0]
    return f"./{named}" if named and "." not in first else named.rstrip("/")


def _only(programs: list[str]) -> str:
    """Return the package to build where nobody said which; "" for the one at the top."""
    if "." in programs or not programs:
        return ""
    if len(programs) == 1:
        return programs[0]
    shown = ", ".join(programs[:_MOST_NAMED])
    raise UsageError(f"there are several programs: {shown}", f"name one: --package {programs[0]}")


def _rust(request: Request, asked: Asked, folder: Path) -> Request:
    packages = package.members(folder)
    if len(packages) > 1 and not request.package:
        shown = ", ".join(packages[:_MOST_NAMED])
        raise UsageError(
            f"there are several packages: {shown}", f"name one: --package {packages[0]}"
        )
    only = packages[0] if packages and not request.package else request.package
    named = asked.name or only or package.name(folder) or request.name
    layer = package.is_alone(folder) if manifest(folder) else request.layer
    return replace(request, name=named, package=only, layer=layer)
