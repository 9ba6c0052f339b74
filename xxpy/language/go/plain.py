"""Flags of Go that change nothing about what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.language.go.flags import Flag, Place

_PLAIN: Final[Mapping[str, frozenset[str | None]]] = {
    "v": frozenset({None}),
    "trimpath": frozenset({None, "true", "false"}),
    "buildvcs": frozenset({None, "true", "false", "auto"}),
    "mod": frozenset({"readonly", "vendor"}),
    "buildmode": frozenset({"default", "exe", "pie"}),
}
"""Flags that change nothing about what Go reads, with their values; ``-tags`` may have any."""
_LINKER: Final = frozenset({"-s", "-w", "-X", "-buildid", "-H"})
_COMPILER: Final = frozenset({"-N", "-l"})
_WORDS: Final = {"ldflags": _LINKER, "gcflags": _COMPILER, "asmflags": frozenset[str]()}


def are_plain(places: Iterable[Place]) -> bool:
    """Whether all flags are ones that change nothing about what Go reads."""
    return all(_is_plain(flag) for place in places for flag in place.flags)


def _is_plain(flag: Flag) -> bool:
    """Whether a flag changes nothing about what Go reads.

    >>> from xxpy.language.go.flags import Flag
    >>> [_is_plain(Flag("ldflags", value)) for value in ("-s -X a.b=c", "-extld=cc")]
    [True, False]
    >>> _is_plain(Flag("overlay", "o.json")), _is_plain(Flag("tags", "a,b"))
    (False, True)
    """
    if flag.name == "tags":
        return True
    if flag.name not in _WORDS:
        return flag.value in _PLAIN.get(flag.name, frozenset())
    value = flag.value or ""
    if {"'", '"'} & set(value):
        return False
    words = iter(value.split())
    for word in words:
        name, equals, _ = word.partition("=")
        if name not in _WORDS[flag.name]:
            return False
        if name == "-X" and not equals:
            next(words, None)
    return True
