"""The words of Go's commands: its packages, its variables, and where its programs go."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.installs import go_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.stages import Stage


NAMES: Final = ("GOOS", "GOARCH", "GOARM", "GOAMD64", "GO386", "GOARM64", "GOMIPS", "GOMIPS64")


VALUED: Final = ("-C",)


_WITH_VALUE: Final = frozenset(
    {
        "-o",
        "-C",
        "-p",
        "-asmflags",
        "-buildmode",
        "-compiler",
        "-gcflags",
        "-ldflags",
        "-mod",
        "-modfile",
        "-overlay",
        "-pkgdir",
        "-tags",
        "-exec",
    }
)


_VERSION: Final = re.compile(r"/v\d+$")


def positional(words: list[str]) -> list[str]:
    """Return the arguments that are no options and no values of options."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def name_of(package: str) -> str:
    """Return the name of the program of a package.

    >>> name_of("example.com/tool/v2@latest")
    'tool'
    """
    return posixpath.basename(
        _VERSION.sub("", package.partition("@")[0].removesuffix("/...").rstrip("/"))
    )


def bin_of(stage: Stage, call: Call) -> str:
    """Return the folder of ``go install``; it begins with ``$`` if only the build shows it."""
    return go_folder(call, stage.variables) or "$GOBIN"


def whole(call: Call, path: str) -> str:
    """Return a path of a command, absolute."""
    return posixpath.normpath(posixpath.join(call.state.directory or "/", path))


def outputs_of(stage: Stage, call: Call, verb: str, arguments: list[str]) -> Iterator[str]:
    """Yield the programs that a command makes, as far as their names are known."""
    for place, word in enumerate(arguments):
        if word == "-o" and place + 1 < len(arguments):
            yield arguments[place + 1]
            return
        if word.startswith("-o="):
            yield word[3:]
            return
    packages = positional(arguments)[1:]
    if verb == "install":
        here = posixpath.basename(call.state.directory)
        for package in packages or ["."]:
            yield posixpath.join(bin_of(stage, call), name_of(package) if package != "." else here)
    elif verb == "build" and len(packages) == 1 and not packages[0].startswith("-"):
        yield (
            name_of(packages[0])
            if packages[0] not in {".", "./..."}
            else posixpath.basename(call.state.directory)
        )
