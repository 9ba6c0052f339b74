"""The words of platforms, and the error for words that the table does not have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import UnsupportedPlatformError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of platforms, from the table.

    :param systems: every spelling of an operating system, to the canonical one
    :param architectures: every spelling of an architecture, to the canonical ``(architecture,
        variant)``
    :param typed_systems: further spellings of systems, which people type but no specification has
    :param typed_architectures: likewise for architectures
    :param variants: each architecture to the spellings of its variants, each to the canonical one
        ("" for the lowest)
    :param default_variant: each architecture to the variant that it means without one
    :param runs: each ``architecture[/variant]`` to the others that it runs, best first
    :param keys: the keys of all rows, in the order of the table
    """

    systems: Mapping[str, str]
    architectures: Mapping[str, tuple[str, str]]
    typed_systems: Mapping[str, str]
    typed_architectures: Mapping[str, tuple[str, str]]
    variants: Mapping[str, Mapping[str, str]]
    default_variant: Mapping[str, str]
    runs: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]


def unknown(kind: str, word: str, text: str, words: Vocabulary) -> UnsupportedPlatformError:
    """Return the error for a word that the table does not have, with the nearest spelling.

    :param kind: what the word stands for, such as ``architecture``
    :param text: the whole platform
    """
    message = f"unknown {kind} {word} in {text}"
    systems = {**words.systems, **words.typed_systems}
    if kind == "operating system":
        name = closest(word, systems)
        listed = f"expected one of: {', '.join(dict.fromkeys(words.systems.values()))}"
        hint = f"did you mean {name}/{text.split('/', 1)[1]}?" if name else listed
        return UnsupportedPlatformError(message, hint)
    architectures = {**words.architectures, **words.typed_architectures}
    name = closest(word, [*architectures, *(systems if kind != "architecture" else ())])
    if not name:
        return UnsupportedPlatformError(message, "xxpy platforms lists them all")
    system = text.split("/", 1)[0] + "/" if "/" in text else ""
    canonical = "/".join(filter(None, architectures.get(name, ("",))))
    meaning = f" ({system}{canonical})" if canonical and canonical != name else ""
    return UnsupportedPlatformError(message, f"did you mean {system}{name}{meaning}?")
