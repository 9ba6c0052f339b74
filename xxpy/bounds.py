"""Read untrusted files within bounds: the size of a file and the nesting of a document.

Every failure is a :class:`Refused`, whose text follows "FILE cannot be read: " and names the limit
that was exceeded. Callers turn it into an error of their own.
"""

from __future__ import annotations

import json
import os
import re
import reprlib
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from xxpy import posix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPTH: Final = 100
"""How deep the lists and tables of a document may be nested."""

CONTROL: Final = r"\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""Characters beyond ASCII that control terminals, reorder text or are not text, for patterns."""

_CONTROL: Final = re.compile(rf"[\x00-\x08\x0a-\x1f{CONTROL}]")
"""The same with those of ASCII; a tab is harmless."""

_KIB: Final = 1 << 10
_MIB: Final = 1 << 20
_CHUNK: Final = 1 << 20
_JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_TOML: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'  # strings of several lines
    r'|"(?:[^"\\\n]|\\.)*+"?|\'[^\'\n]*+\'?'  # strings of one line
    r"|#[^\n]*+|[\[{]|[\]}]|\.",
    re.DOTALL,
)
"""Brackets and the dots of keys, which nest, and the strings and comments that hide them."""


class Refused(ValueError):  # noqa: N818 - reads as "the file was refused"
    """A file is not a regular one, too large, or malformed; the text says which."""


def data(path: Path, most: int) -> bytes:
    """Return the content of a regular file.

    :param most: the most bytes that are read
    :raises Refused: it is a device, a FIFO or the like, or larger
    :raises OSError: it cannot be opened or read
    """
    with opened(path) as file:
        return read(file, most)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a regular file, without waiting for a FIFO.

    :raises Refused: it is a device, a FIFO or the like
    :raises OSError: it cannot be opened
    """
    descriptor = os.open(path, os.O_RDONLY | posix.O_NONBLOCK | posix.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise Refused("it is a folder")
        if not stat.S_ISREG(mode):
            raise Refused("it is not a regular file")
        yield file


def read(file: IO[bytes], most: int) -> bytes:
    """Return the rest of an open file.

    :raises Refused: it is more than *most* bytes
    """
    found = bytearray()
    while chunk := file.read(min(_CHUNK, most + 1 - len(found))):
        found += chunk
        if len(found) > most:
            raise Refused(f"it is larger than {size(most)}, the limit for such a file")
    return bytes(found)


def text(path: Path, most: int) -> str:
    """Return the text of a regular file in UTF-8.

    :raises Refused: for the reasons of :func:`data`, or it is not UTF-8
    :raises OSError: it cannot be opened or read
    """
    return decoded(data(path, most))


def decoded(found: bytes) -> str:
    """Decode UTF-8.

    :raises Refused: the bytes are not UTF-8
    """
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"byte {error.start} is not UTF-8") from error


def encoded(text: str) -> bytes:
    r"""Encode text in UTF-8; bytes of file names that are not text are restored (PEP 383).

    >>> encoded("\u00e9\udcff")
    b'\xc3\xa9\xff'
    """
    return text.encode("utf-8", "surrogateescape")


def from_json(found: bytes) -> Any:  # noqa: ANN401 - a document may have any value
    """Parse a JSON document.

    :raises Refused: it is malformed, or nested deeper than :data:`DEPTH`
    """
    deepest = depth = 0
    for word in _JSON.finditer(found):
        depth += (word[0] in {b"[", b"{"}) - (word[0] in {b"]", b"}"})
        deepest = max(deepest, depth)
        if deepest > DEPTH:
            raise Refused(f"it is nested deeper than {DEPTH} levels, the limit for a document")
    try:
        return json.loads(decoded(found))
    except Refused:
        raise
    except (ValueError, RecursionError) as error:
        raise Refused(f"it is not JSON: {error}") from error


def from_toml(found: str) -> dict[str, Any]:
    """Parse a TOML document.

    :raises Refused: it is malformed, or nested deeper than :data:`DEPTH`
    """
    depth = dots = 0
    place = 0
    for word in _TOML.finditer(found):
        first = word[0][:1]
        if "\n" in found[place : word.start()]:
            dots = 0
        place = word.end()
        depth = max(0, depth + (first in {"[", "{"}) - (first in {"]", "}"}))
        dots += first == "."
        if depth > DEPTH or dots > DEPTH:
            raise Refused(f"it is nested deeper than {DEPTH} levels, the limit for a document")
    import tomllib  # noqa: PLC0415 - most projects have no configuration

    try:
        return tomllib.loads(found)
    except (ValueError, RecursionError) as error:
        raise Refused(f"it is not TOML: {error}") from error


def size(count: int) -> str:
    """Return a number of bytes for people.

    >>> size(1 << 20), size(3 << 10), size(100)
    ('1 MiB', '3 KiB', '100 bytes')
    """
    for unit, name in ((_MIB, "MiB"), (_KIB, "KiB")):
        if count >= unit:
            return f"{count / unit:.0f} {name}"
    return f"{count} bytes"


def plain(line: str) -> str:
    r"""Escape the control characters in a line of text, so that a terminal can print it.

    >>> plain("a\x1b]0;title\x07\tb")
    'a\\x1b]0;title\\x07\tb'
    """
    return _CONTROL.sub(lambda found: ascii(found[0])[1:-1], line)


def shown(value: object) -> str:
    """Return a short form of a value for a message, however large or deep the value is.

    >>> shown([[1, True], "a"])
    "[[1, true], 'a']"
    """
    return _SHORT.repr(value)


class _Short(reprlib.Repr):
    """Values as TOML and JSON spell them."""

    def repr_bool(self, value: bool, _level: int) -> str:
        return str(value).lower()


_SHORT: Final = _Short()
