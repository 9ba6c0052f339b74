"""The words that platforms are made of, and what is said of a word that is none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import UnsupportedPlatformError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that platforms are made of, as the table gives them.

    :param systems: every spelling of an operating system, to its canonical one
    :param architectures: every spelling of an architecture, to its canonical ``(architecture,
        variant)``
    :param typed_systems: further spellings of systems that people type but no specification knows
    :param typed_architectures: likewise for architectures
    :param variants: architecture to the spellings of its variants, each to the canonical one (""
        for the lowest)
    :param default_variant: architecture to the variant that it means without one
    :param runs: ``architecture[/variant]`` to those that it runs besides itself, best first
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
    """The error for a word that no row knows, with the nearest spelling and what it means."""
    systems = {**words.systems, **words.typed_systems}
    architectures = {**words.architectures, **words.typed_architectures}
    if kind == "operating system":
        candidates = {f"{name}/{text.split('/', 1)[1]}": name for name in systems}
        guess = nearest(word, systems)
        hint = next(
            (
                f"did you mean {full}?"
                for full, name in candidates.items()
                if guess == f"did you mean {name}?"
            ),
            "",
        )
        return UnsupportedPlatformError(
            f"unknown operating system {word} in {text}",
            hint or _listing("known are", words.systems.values()),
        )
    guess = nearest(word, [*architectures, *(systems if kind != "architecture" else ())])
    name = guess.removeprefix("did you mean ").removesuffix("?")
    if not name:
        return UnsupportedPlatformError(
            f"unknown {kind} {word} in {text}", "xxpy platforms lists them all"
        )
    system = text.split("/", 1)[0] + "/" if "/" in text else ""
    canonical = "/".join(filter(None, architectures.get(name, ("",))))
    meaning = f" ({system}{canonical})" if canonical and canonical != name else ""
    return UnsupportedPlatformError(
        f"unknown {kind} {word} in {text}", f"did you mean {system}{name}{meaning}?"
    )


def _listing(lead: str, names: Iterable[str]) -> str:
    return f"{lead} {', '.join(dict.fromkeys(names))}"
