"""Words in Go's flags, which Go splits by rules of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def split(text: str) -> tuple[str, ...]:
    """Split words as Go does: at white space, or from a quote to the next one, without escapes.

    >>> split("-X 'main.name=a b' -s")
    ('-X', 'main.name=a b', '-s')

    :raises UsageError: a quote is not closed
    """
    found = []
    rest = text.lstrip()
    while rest:
        if rest[0] in "'\"":
            word, closed, rest = rest[1:].partition(rest[0])
            if not closed:
                raise UsageError(
                    f"a quote is not closed in {text!r}",
                    "quote words in Go's flags with ' or \", without escapes",
                )
        else:
            word = rest.split(None, 1)[0]
            rest = rest[len(word) :]
        found.append(word)
        rest = rest.lstrip()
    return tuple(found)


def join(words: Iterable[str]) -> str:
    """Return words as one text that Go splits into the same words.

    :raises UsageError: a word with white space has both kinds of quotes
    """
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """Return a word, in quotes if it needs them.

    :raises UsageError: it needs both kinds of quotes
    """
    if word and word[0] not in "'\"" and not any(character.isspace() for character in word):
        return word
    quote = next((quote for quote in "'\"" if quote not in word), None)
    if quote is None:
        raise UsageError(
            f"{word!r} has white space and both kinds of quotes, which Go's flags cannot hold",
            "use one kind of quotes",
        )
    return f"{quote}{word}{quote}"
