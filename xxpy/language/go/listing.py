"""Read what ``go list -json`` prints about packages."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WHAT: Final = "DepOnly,DepsErrors,Standard,Dir,EmbedFiles,EmbedPatterns"
"""The fields that are read besides the name of a package, its path, its error and its files."""
NO_FILES: Final = "build constraints exclude all Go files"
"""What Go says about a package that only has files for other platforms."""


def is_program(package: Mapping[str, Any]) -> bool:
    """Whether a package makes a program: a main package that has more than tests."""
    return package.get("Name") == "main" and bool(package.get("GoFiles") or package.get("CgoFiles"))


def without_files(packages: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the main packages that import one without files for the platform, with the reason."""
    return {
        package["ImportPath"]: said
        for package in packages
        for said in (error.get("Err", "") for error in package.get("DepsErrors") or ())
        if NO_FILES in said
    }


def with_c(listed: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the packages that contain C, without those of Go itself, which also work without."""
    return tuple(
        package["ImportPath"]
        for package in listed
        if package.get("CgoFiles") and not package.get("Standard")
    )


def folders(listed: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the folders of packages, and those between them and the files that they embed."""
    for package in listed:
        folder = package.get("Dir", "")
        if folder:
            yield folder
        for name in package.get("EmbedFiles") or ():
            for place in PurePosixPath(name).parents:
                yield str(PurePosixPath(folder, place))


def c_files(listed: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[str]:
    """Yield the files with C in packages that are in the project, whichever module has them."""
    for package in listed:
        place = Path(os.path.relpath(package.get("Dir", "/"), folder))
        if not package.get("Standard") and ".." not in place.parts and "@" not in str(place):
            yield from (str(place / name) for name in package.get("CgoFiles") or ())


def documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON documents that follow each other in *text*."""
    decoder = json.JSONDecoder()
    position = 0
    text = text.strip()
    while position < len(text):
        document, end = decoder.raw_decode(text, position)
        yield document
        position = end + len(text[end:]) - len(text[end:].lstrip())


def patterns(listed: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the patterns of files that packages embed, each with the folder of its package."""
    for package in listed:
        for pattern in package.get("EmbedPatterns") or ():
            yield package.get("Dir", ""), pattern
