"""Lists of platforms, as people write them.

====================  ==========================================================================
``linux/arm64``       one platform, in any spelling
``linux/*``           every architecture of the system once: without variants, or with all of
                      them if it has no plain form, such as 32-bit ARM
``linux/amd64/*``     the variants of an architecture
``all``               every architecture of every system once
``local``             this machine
``!linux/386``        not this platform, nor its variants; ``!windows`` excludes a whole system
====================  ==========================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError
from xxpy.table.platform import Platform, parse
from xxpy.table.words import near_glob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xxpy.table.words import Vocabulary

MAXIMUM_COUNT: Final = 256
"""The most items that a list of platforms may have."""

ALL: Final = "all"
LOCAL: Final = "local"
_NOT: Final = "!"
_WILD: Final = frozenset("*?[")
_WITH_VARIANT: Final = 2
"""The slashes in a glob with a variant."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The platforms that a list names.

    :param platforms: all of them once, in the order of the list
    :param named: those that were written out; the others come from a glob or ``all``
    :param notes: how single words were understood, a line each, for people
    """

    platforms: tuple[Platform, ...]
    named: frozenset[Platform]
    notes: tuple[str, ...] = ()


def read_list(
    texts: Iterable[str],
    words: Vocabulary,
    *,
    local: Platform,
    typed: bool = False,
    variants: bool = False,
) -> Chosen:
    """Read lists of platforms: comma-separated items, as above.

    :param local: the build machine, which gives the rest for a single word
    :param typed: also accept the spellings that people type
    :param variants: whether a glob and ``all`` mean every variant of an architecture
    :raises UnsupportedPlatformError: an item is empty, malformed or unknown, a glob matches
        nothing, or nothing is left
    """
    listed = tuple(texts)
    found: dict[Platform, bool] = {}
    excluded = []
    notes = []
    for item in _items(listed):
        if item.startswith(_NOT):
            excluded.append(_excluded(item.removeprefix(_NOT), words, local, typed=typed))
        elif _is_glob(item):
            for platform in _matching(item, words, variants=variants):
                found.setdefault(platform, False)
        else:
            try:
                platform = read_one(item, words, local, typed=typed)
            except UnsupportedPlatformError as error:
                raise UnsupportedPlatformError(error.message, error.hint, item) from error
            found[platform] = True
            notes += [note] if (note := half(item, platform, words)) else []
    kept = [platform for platform in found if not any(test(platform) for test in excluded)]
    if not kept:
        raise _nothing_left(listed, exclusions_only=not found)
    named = frozenset(platform for platform in kept if found[platform])
    return Chosen(tuple(kept), named, tuple(dict.fromkeys(notes)))


def _items(texts: tuple[str, ...]) -> list[str]:
    """Return the items of lists of platforms.

    :raises UnsupportedPlatformError: there are too many, or one is empty
    """
    items = [item.strip() for text in texts for item in text.split(",")]
    if len(items) > MAXIMUM_COUNT:
        raise UnsupportedPlatformError(
            f"the list has {len(items)} platforms",
            f"at most {MAXIMUM_COUNT} are allowed; a glob such as linux/* counts as one",
        )
    if not all(item.removeprefix(_NOT) for item in items):
        raise UnsupportedPlatformError(
            f"an empty item in the list of platforms {','.join(texts)!r}",
            "write linux/amd64,linux/arm64",
        )
    return items


def read_one(item: str, words: Vocabulary, local: Platform, *, typed: bool = False) -> Platform:
    """Return the platform that one item names; ``local`` is the build machine.

    :raises UnsupportedPlatformError: it is malformed, unknown, or a system without a platform of
        this machine's architecture
    """
    if item == LOCAL:
        return local
    platform = parse(item, words, local=local, typed=typed)
    if _is_half(item) and platform.key not in words.keys:
        has = [key for key in words.keys if key.partition("/")[0] == platform.os]
        raise UnsupportedPlatformError(
            f"{item} alone means {platform}, which does not exist",
            f"{platform.os} has {', '.join(has)}",
        )
    return platform


def half(item: str, platform: Platform, words: Vocabulary) -> str:
    """Return how the name of a system alone was understood, for people; "" for other items."""
    if not _is_half(item):
        return ""
    word = item.partition("(")[0].lower()
    if word in words.systems or word in words.typed_systems:
        own = f"{item} alone means {platform}, this machine's architecture"
        return f"{own}; '{platform.os}/*' is all of them"
    return ""


def is_list(text: str) -> bool:
    """Return whether a text may mean several platforms."""
    return "," in text or text.startswith(_NOT) or _is_glob(text)


def _is_half(item: str) -> bool:
    return "/" not in item and item != LOCAL


def _is_glob(item: str) -> bool:
    return item == ALL or not _WILD.isdisjoint(item)


def _matching(item: str, words: Vocabulary, *, variants: bool) -> tuple[Platform, ...]:
    """Return the platforms of the table that match a glob.

    :param variants: whether it means every variant of an architecture
    """
    pattern = "*" if item == ALL else item.lower()
    every = variants or pattern.count("/") >= _WITH_VARIANT
    candidates = [parse(key, words) for key in words.keys if fnmatchcase(key, pattern)]
    matching = [platform for platform in candidates if every or _is_plain(platform, words)]
    if not matching:
        raise UnsupportedPlatformError(f"no platform matches {item!r}", _near(pattern, words))
    return tuple(matching)


def _near(pattern: str, words: Vocabulary) -> str:
    """Return the hint for a glob that matches nothing."""
    base = pattern.rpartition("/")[0]
    if pattern.count("/") >= _WITH_VARIANT and any(fnmatchcase(key, base) for key in words.keys):
        return f"{base} has no variants of this name"
    near = near_glob(pattern, words)
    if near not in {"", pattern} and any(fnmatchcase(key, near) for key in words.keys):
        return f"did you mean '{near}'?"
    return "a glob is matched against os/architecture[/variant], such as linux/* or */arm64"


def _is_plain(platform: Platform, words: Vocabulary) -> bool:
    """Return whether a platform is matched by a glob without a variant.

    It has no variant, or its architecture has no form without one.
    """
    return not platform.variant or platform.architecture in words.default_variant


def _excluded(
    item: str, words: Vocabulary, local: Platform, *, typed: bool
) -> Callable[[Platform], bool]:
    """Return a function that tells whether an exclusion excludes a platform."""
    if _is_glob(item):
        unwanted = frozenset(_matching(item, words, variants=True))
        return lambda platform: (
            Platform(platform.os, platform.architecture, platform.variant) in unwanted
        )
    if item == LOCAL:
        return lambda platform: platform == local
    one = parse(item, words, local=local, typed=typed)
    parts = item.lower().split("/")
    if len(parts) == 1:
        if parts[0].partition("(")[0] in {*words.systems, *words.typed_systems}:
            return lambda platform: platform.os == one.os
        return lambda platform: (
            platform.architecture == one.architecture
            and (platform.variant == one.variant or _covers(parts[0], words, typed=typed))
        )
    whole = len(parts) == _WITH_VARIANT and _covers(parts[1], words, typed=typed)
    return lambda platform: (
        (platform.os, platform.architecture) == (one.os, one.architecture)
        and (whole or platform.variant == one.variant)
    )


def _covers(word: str, words: Vocabulary, *, typed: bool) -> bool:
    """Return whether a word means all of an architecture: ``arm`` does, ``armhf`` does not."""
    _architecture, variant = words.architectures.get(word) or (
        words.typed_architectures[word] if typed else ("", "")
    )
    return not variant


def _nothing_left(texts: tuple[str, ...], *, exclusions_only: bool) -> UnsupportedPlatformError:
    """Return the error for a list that names no platform."""
    text = ",".join(texts)
    if exclusions_only:
        return UnsupportedPlatformError(
            f"{text!r} only excludes platforms",
            "name the others too: 'linux/*,!linux/386'",
        )
    return UnsupportedPlatformError(
        f"no platform is left of {text!r}",
        "exclusions such as !linux/386 remove platforms from the others",
    )
