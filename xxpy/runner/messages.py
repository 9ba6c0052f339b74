"""Read the output of build tools: the text for people, and the files that they have made.

cargo prints JSON documents, one a line, among lines for people
(https://doc.rust-lang.org/cargo/reference/external-tools.html)::

    {"reason":"compiler-artifact","target":{"kind":["bin"],…},"executable":"…/hello",…}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_LIBRARIES: Final = {"cdylib", "staticlib"}
_DEPENDENCIES: Final = "deps"
"""The folder in which cargo keeps dependencies, which are not results."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a tool's output.

    :param text: the text for people, or None
    :param made: the results that it names
    """

    text: str | None
    made: tuple[Path, ...] = ()


def plain(line: str) -> Message:
    """Read a line of text for people."""
    return Message(line)


def cargo(line: str, *, libraries: bool = False) -> Message:
    r"""Read a line of cargo's output.

    :param libraries: whether libraries for C are results as well

    >>> cargo("   Compiling hello v0.1.0\n").text
    '   Compiling hello v0.1.0\n'
    >>> cargo('{"reason":"compiler-artifact","executable":"/x/hello"}\n').made
    (PosixPath('/x/hello'),)
    """
    if not line.startswith('{"reason":'):
        return Message(line)
    try:
        told = json.loads(line)
        if told["reason"] == "compiler-message":
            return Message(_text(told["message"]["rendered"]))
        return Message(
            None, tuple(_made(told, libraries)) if told["reason"] == "compiler-artifact" else ()
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return Message(line)  # a macro of the project printed it


def _text(rendered: object) -> str | None:
    return rendered if isinstance(rendered, str) else None


def _made(told: Mapping[str, Any], libraries: bool) -> Iterator[Path]:
    """Yield the files of an artifact that are results: a program, or a library for C."""
    if told["executable"]:
        yield Path(told["executable"])
    elif libraries and _LIBRARIES & set(told["target"]["kind"]):
        files = (Path(name) for name in told["filenames"])
        yield from (
            path
            for path in files
            if path.parent.name != _DEPENDENCIES and path.suffix not in {".rlib", ".rmeta"}
        )


READERS: Final[Mapping[str, Callable[[str], Message]]] = {
    "": plain,
    "cargo": cargo,
    "cargo --lib": partial(cargo, libraries=True),
}
"""The readers by their names in steps."""
