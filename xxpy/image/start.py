"""Check that containers of an image can start.

The entrypoint, the loader and libraries of its programs, and the interpreters of its scripts must
be in the image.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from xxpy import binary
from xxpy.binary import elf
from xxpy.errors import UsageError, VerificationError
from xxpy.image.loading import Image, Loading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxpy.binary.description import Description
    from xxpy.image.layer import Entry
    from xxpy.table.model import Table

_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where runtimes look for programs if the image does not set PATH."""
_MOST_SCRIPTS: Final = 5
"""The maximum number of scripts that run each other."""


def check(image: Image, table: Table) -> None:
    """Refuse an image whose containers, or one of whose programs, cannot start.

    :raises UsageError: there is no entrypoint, or it is not in the image, or not executable
    :raises VerificationError: a loader, a library or an interpreter is not in the image
    """
    for entry in image.entries:
        described = describe(entry)
        if (
            described is not None
            and described.format == "elf"
            and described.interpreter is not None
            and described.kind == "executable"
        ):
            Loading(image, table, described, entry.path).check()
    words = [*(image.config.get("Entrypoint") or ()), *(image.config.get("Cmd") or ())]
    several = (
        not image.chosen and not image.config.get("Entrypoint") and len(programs(image.entries)) > 1
    )
    if not words or several:
        raise UsageError(
            f"the image for {image.row.platform} does not say what it starts", _choices(image)
        )
    if image.row.file.format == "elf":
        _start(image, str(words[0]))


def describe(entry: Entry) -> Description | None:
    """Describe an entry; None if it is not a binary."""
    if isinstance(entry.source, bytes) or not binary.is_binary(entry.source):
        return None
    return next(iter(binary.inspect(entry.source)), None)  # an archive may be empty


def programs(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the paths of the entries that can start: executable programs and ``#!`` scripts."""
    found = []
    for entry in entries:
        described = describe(entry) if entry.executable else None
        is_program = described is not None and (
            described.format == "wasm" or described.kind == "executable"
        )
        if entry.executable and (
            is_program or (described is None and _first_line(entry.source).startswith(b"#!"))
        ):
            found.append(str(entry.path))
    return tuple(found)


def _choices(image: Image) -> str:
    there = programs(image.entries)
    if not there:
        return "none of its files is a program: choose one of the base with --entrypoint"
    return f"choose with --entrypoint: {', '.join(there)}"


def _start(image: Image, word: str) -> None:
    """Refuse an entrypoint that is missing, cannot run, or is a script without interpreter."""
    path = _located(image, word)
    platform = image.row.platform
    if path is None:
        raise UsageError(
            f"the entrypoint {word} is not in the image for {platform}", _choices(image)
        )
    first = path
    for _ in range(_MOST_SCRIPTS):
        following = _interpreter(image, path, str(first))
        if following is None:
            return
        path = following


def _interpreter(image: Image, path: PurePosixPath, shown: str) -> PurePosixPath | None:
    """Return the program that runs a script, or None if the file is an ELF program.

    :param shown: the entrypoint, for errors
    :raises UsageError: the file is not executable, or neither a program nor a script
    :raises VerificationError: the program is not in the image
    """
    platform = image.row.platform
    found = image.tree.find(path)
    assert found is not None  # noqa: S101 - it was located
    if not found[1].executable:
        raise UsageError(
            f"the entrypoint {shown} is not executable in the image for {platform}",
            "chmod +x that file, and make the image again",
        )
    node = found[1]
    whole = node.layer is not None
    begin = image.tree.read(node).partition(b"\n")[0] if whole else _first_line(node.source)
    if begin.startswith(elf.MAGIC):
        return None
    script = begin.startswith(b"#!")
    words = begin[2:].decode("utf-8", "replace").strip().split(maxsplit=1) if script else []
    if not words:
        raise UsageError(
            f"the entrypoint {shown} is neither a program for {platform} nor a script that begins"
            " with #!",
            _choices(image),
        )
    name = words[0]
    following = _located(image, name)
    if following is not None and following.name == "env":
        asked = _asked_of_env(words[1] if len(words) > 1 else "")
        if asked:
            name, following = asked, _located(image, asked)
    if following is None:
        raise VerificationError(
            f"{path} is a script for {name}, which the image for {platform} does not have",
            "two ways: start a program that needs nothing else"
            "   or   --base with an image that has it",
        )
    return following


def _asked_of_env(arguments: str) -> str:
    """Return the program that ``env`` runs: the first word but options and variables."""
    return next(
        (word for word in arguments.split() if not word.startswith("-") and "=" not in word), ""
    )


def _located(image: Image, word: str) -> PurePosixPath | None:
    """Return the path at which a runtime finds a program, or None."""
    if "/" in word:
        places = [PurePosixPath("/", image.config.get("WorkingDir") or "/", word)]
    else:
        places = [
            PurePosixPath("/", folder, word)
            for folder in (image.variable("PATH") or _PATH).split(":")
        ]
    return next((place for place in places if image.tree.find(place) is not None), None)


def _first_line(source: object) -> bytes:
    if isinstance(source, bytes):
        return source.partition(b"\n")[0]
    with open(str(source), "rb") as file:  # noqa: PTH123 - a path
        return file.readline(256).rstrip(b"\n")
