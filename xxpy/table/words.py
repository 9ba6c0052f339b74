"""The words of platforms, and the error for words that the table does not have."""

from __future__ import annotations

import re
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
    other = respelled(text, words)
    if other:
        return UnsupportedPlatformError(message, f"did you mean {other}?")
    if not name:
        return UnsupportedPlatformError(message, "xxpy platforms lists them all")
    system = text.split("/", 1)[0] + "/" if "/" in text else ""
    canonical = "/".join(filter(None, architectures.get(name, ("",))))
    meaning = f" ({system}{canonical})" if canonical and canonical != name else ""
    return UnsupportedPlatformError(message, f"did you mean {system}{name}{meaning}?")


def respelled(text: str, words: Vocabulary) -> str:
    """Return the platform that *text* names with other separators, or "".

    Such names are ``linux-arm64``, ``linux_arm_v7`` and ``linux:arm64``.
    """
    systems = {**words.systems, **words.typed_systems}
    architectures = {**words.architectures, **words.typed_architectures}
    plain = text.lower().strip("/ ")
    for separator in "/-_:. ":
        for count in (1, 2):
            first, *rest = plain.split(separator, count)
            if first in systems and rest and rest[0] in architectures:
                architecture, variant = architectures[rest[0]]
                known = words.variants.get(architecture, {})
                if len(rest) == 1 or rest[1] in known:
                    variant = variant if len(rest) == 1 else known[rest[1]]
                    return "/".join(filter(None, (systems[first], architecture, variant)))
    return ""


def malformed(text: str, words: Vocabulary) -> UnsupportedPlatformError:
    """Return the error for a platform that is malformed."""
    several = [word for word in re.split(r"[\s;|]+", text) if word]
    other = respelled(text, words)
    if len(several) > 1 and all("/" in word for word in several):
        hint = f"separate platforms with commas: {','.join(several)}"
    elif other:
        hint = f"did you mean {other}?"
    else:
        hint = "write os/architecture[/variant], such as linux/arm/v7"
    return UnsupportedPlatformError(f"malformed platform {text!r}", hint)


def near_glob(pattern: str, words: Vocabulary) -> str:
    """Return the glob with canonical names that is nearest to *pattern*, or ""."""
    systems = {**words.systems, **words.typed_systems}
    architectures = {
        word: "/".join(filter(None, names))
        for word, names in {**words.architectures, **words.typed_architectures}.items()
    }
    first, *rest = pattern.split("/")
    known = (systems, architectures)
    found = [
        part
        if re.search(r"[*?\[]", part)
        else names.get(part) or names.get(closest(part, names), "")
        for part, names in zip((first, *rest[:1]), known, strict=False)
    ]
    return "/".join((*found, *rest[1:])) if all(found) else ""
