"""Which platforms are asked for: lists, globs and triples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import UnsupportedPlatformError, UsageError
from xxpy.machine import facts, resources
from xxpy.table.platform_list import Chosen, half, is_list, read_list, read_one
from xxpy.table.triple import read_triple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xxpy.table.platform import Platform


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of platforms.

    :param lists: those of ``--platform``
    :param targets: triples
    :param variants: whether globs mean every variant
    """

    lists: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    variants: bool = False

    def __bool__(self) -> bool:
        """Whether any platform is asked for."""
        return bool(self.lists or self.targets)

    def read(self, default: Iterable[str]) -> Chosen:
        """Return the platforms that are asked for, without doubles; where none is, those of *default*.

        :raises UnsupportedPlatformError: malformed, unknown, or a glob that matches nothing
        :raises UsageError: a triple asks for what cannot be built
        """
        meanings = [read_triple(text, resources.table()) for text in self.targets]
        if self.targets and not self.lists:
            chosen = Chosen((), frozenset())
        else:
            words = resources.table().words
            chosen = explained(
                self.lists or tuple(default), variants=self.variants, local=facts.platform(words)
            )
        platforms = dict.fromkeys((*chosen.platforms, *(meaning.platform for meaning in meanings)))
        return Chosen(
            tuple(platforms),
            chosen.named | {meaning.platform for meaning in meanings},
            chosen.notes,
        )

    def libc(self, flag: str | None) -> str | None:
        """Return the libc that the triples and ``--libc`` ask for, or None.

        :raises UsageError: they ask for two
        """
        found = {
            text: meaning.libc
            for text in self.targets
            if (meaning := read_triple(text, resources.table())).libc is not None
        }
        asked = dict.fromkeys(found.values())
        if len(asked) > 1:
            raise UsageError(
                f"two C libraries in one build: {', '.join(found)}",
                "build them one after the other, each with an --output of its own",
            )
        own = next(iter(asked), None)
        if flag is None or own is None:
            return flag or own
        both = narrower(flag, own)
        if both is None:
            raise UsageError(
                f"--target {next(iter(found))} is for {own}, and --libc for {flag}",
                "leave one of them out",
            )
        return both

    def one(self, tell: Callable[[Iterable[str]], object]) -> Platform:
        """Return the one platform that is asked for, or this machine's.

        :param tell: is given what half a platform was taken for

        :raises UnsupportedPlatformError: malformed or unknown
        :raises UsageError: ``--platform`` and ``--target`` name two
        """
        named = [read_one_platform(text, tell) for text in self.lists]
        found = dict.fromkeys(
            [*named, *(read_triple(text, resources.table()).platform for text in self.targets)]
        )
        if len(found) > 1:
            raise UsageError(
                f"--platform and --target name two platforms: {', '.join(map(str, found))}",
                "leave one of them out",
            )
        return next(iter(found), None) or facts.platform(resources.table().words)


def narrower(first: str, second: str) -> str | None:
    """Return the one of two wishes for a libc that says more, or None where they contradict each other.

    >>> narrower("gnu", "gnu.2.28"), narrower("gnu", "musl")
    ('gnu.2.28', None)
    """
    short, long = sorted((first, second), key=len)
    return long if long == short or long.startswith(f"{short}.") else None


def read_one_platform(text: str | None, tell: Callable[[Iterable[str]], object]) -> Platform:
    """Return the platform that *text* names in any spelling that people type; None and ``local`` are this machine.

    :param tell: is given what half a platform was taken for
    :raises UnsupportedPlatformError: malformed or unknown
    """
    words = resources.table().words
    local = facts.platform(words)
    if text is None:
        return local
    if is_list(text):
        raise UnsupportedPlatformError(
            f"{text!r} is a list of platforms", "this command is for one, such as linux/arm64"
        )
    try:
        found = read_one(text, words, local, typed=True)
    except UnsupportedPlatformError as error:
        raise with_meaning(text, error) from error
    tell(filter(None, (half(text, found, words),)))
    return found


def explained(texts: Iterable[str], *, variants: bool, local: Platform) -> Chosen:
    """Read lists of platforms; for a triple among them the error says what means the same.

    :raises UnsupportedPlatformError: malformed, unknown, or a glob that matches nothing
    """
    listed = tuple(texts)
    words = resources.table().words
    try:
        return read_list(listed, words, local=local, typed=True, variants=variants)
    except UnsupportedPlatformError as error:
        raise with_meaning(error.item, error) from error


def with_meaning(word: str, error: UnsupportedPlatformError) -> UnsupportedPlatformError:
    """Return *error* with what means the same as its hint, where *word* is a triple."""
    if "-" not in word or "/" in word:
        return error
    try:
        meaning = read_triple(word, resources.table())
    except UnsupportedPlatformError:
        return error
    except UsageError as other:
        return UnsupportedPlatformError(other.message, other.hint)
    return UnsupportedPlatformError(
        error.message, f"that is a triple: --target {word} is {meaning.flags}"
    )
