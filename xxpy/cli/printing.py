"""Print, for people and for programs.

:func:`show` prints text for people: control characters that a project, an archive or a tool has put
into it never reach the terminal. :func:`give` prints what programs read, byte for byte, unless
stdout is a terminal. In JSON the escapes are those of JSON. :func:`note` and :func:`say` print what
--quiet leaves out.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import shlex
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from xxpy import bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_JSON: Final = re.compile(f"[{bounds.CONTROL}]")
_UNDECODED: Final = range(0xDC80, 0xDD00)
"""Characters that stand for a byte that is not text (PEP 383)."""

_HANDLER: Final = "xxpy"


@dataclass(slots=True)
class Manner:
    """How a command prints, by the options that all commands have.

    :param quiet: whether only results and errors are printed
    :param verbose: whether each command that xxpy runs is printed
    :param color: whether there may be colour
    :param last: when something was printed last, by the monotonic clock
    """

    quiet: bool = False
    verbose: bool = False
    color: bool = True
    last: float = 0.0

    def reset(self) -> None:
        """Forget the options of an earlier command line."""
        self.quiet = self.verbose = False
        self.color = not os.environ.get("NO_COLOR")
        self.last = time.monotonic()


MANNER: Final = Manner()


def show(text: object = "", *, err: bool = False) -> None:
    """Print lines for people, to stdout or stderr."""
    MANNER.last = time.monotonic()
    click.echo(plain(str(text)), err=err)


def note(text: object) -> None:
    """Print what people may want to know to stderr, unless they asked for quiet."""
    if not MANNER.quiet:
        show(f"note: {text}", err=True)


def notes(texts: Iterable[object]) -> None:
    """Print several notes."""
    for text in texts:
        note(text)


def say(text: object, *, err: bool = False) -> None:
    """Print what a command has done, unless its user asked for quiet."""
    if not MANNER.quiet:
        show(text, err=err)


def trace(command: Sequence[str], changed: Mapping[str, str]) -> None:
    """Print a command to stderr in a form that can be pasted.

    :param changed: the variables that are not as in xxpy's own environment
    """
    variables = [f"{name}={shlex.quote(value)}" for name, value in changed.items()]
    show(" ".join(("+", *variables, shlex.join(command))), err=True)


def styled(text: str, **style: Any) -> str:  # noqa: ANN401 - click's styles
    """Return text with a style, where colour is allowed."""
    return click.style(text, **style) if MANNER.color else text


def give(text: object, *, nl: bool = True) -> None:
    """Print what programs read to stdout, with escapes on a terminal.

    :param nl: whether a newline follows
    """
    found = str(text)
    click.echo(plain(found) if sys.stdout.isatty() else found, nl=nl)


def plain(text: str) -> str:
    r"""Return lines in which control characters are escaped.

    >>> plain("a\x1b[31m\nb")
    'a\\x1b[31m\nb'
    """
    return "\n".join(bounds.plain(line) for line in text.split("\n"))


def json_text(value: object, *, indent: int | None = 2) -> str:
    r"""Return a JSON document with its keys in the given order and without control characters.

    >>> json_text(["\x9b"], indent=None)
    '["\\u009b"]\n'
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return _JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print one JSON document."""
    click.echo(json_text(value, indent=indent), nl=False)


def stand_by() -> None:
    """Let stdout and stderr accept every text, with the original bytes or with escapes."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_HANDLER)


def _replaced(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return a replacement for characters that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    word = error.object[error.start : error.end]
    if all(ord(character) in _UNDECODED for character in word):
        return bytes(ord(character) - 0xDC00 for character in word), error.end
    escaped, end = codecs.backslashreplace_errors(error)
    return escaped, end
