"""Read the values of the options of ``xxpy image``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from xxpy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def words_of(option: str, text: str) -> tuple[str, ...]:
    """Return the words of a command, split as a shell does.

    :raises UsageError: a quote is not closed
    """
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(
            f"{option} {text} cannot be split into words: {error}",
            "close the quote, or write \\ before it",
        ) from error


def port_of(text: str) -> str:
    """Return a port as it was written, checked.

    :raises UsageError: it is not a port
    """
    number, _, protocol = text.partition("/")
    if (
        not number.isascii()
        or not number.isdigit()
        or not 0 < int(number) < 1 << 16
        or protocol not in {"", "tcp", "udp", "sctp"}
    ):
        raise UsageError(
            f"--port {text} is not a port", "write a number, followed by /udp if it is not TCP"
        )
    return text


def pairs_of(option: str, texts: Iterable[str]) -> dict[str, str]:
    """Return the pairs of a repeated NAME=VALUE option.

    :raises UsageError: a name or a value is missing
    """
    pairs = [text.partition("=") for text in texts]
    for name, separator, _ in pairs:
        if not name or not separator:
            raise UsageError(f"{option} {name}: the value is missing", f"write {option} NAME=VALUE")
    return {name: value for name, _, value in pairs}
