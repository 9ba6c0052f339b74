"""The platforms of a request: lists, globs and triples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xxpy.errors import UnsupportedPlatformError, UsageError
from xxpy.machine import facts, resources
from xxpy.table.platform_list import Chosen, half, is_list, read_list, read_one
from xxpy.table.resolve import resolve
from xxpy.table.target import QUERIES
from xxpy.table.triple import read_triple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xxpy.table.platform import Platform


def unheard(_notes: Iterable[str]) -> None:
    """Say nothing of how incomplete platforms are read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The flags for platforms.

    :param lists: the values of ``--platform``
    :param targets: the triples of ``--target``
    :param variants: whether globs mean every variant
    """

    lists: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    variants: bool = False

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.lists or self.targets)

    def read(self, default: Iterable[str]) -> Chosen:
        """Return all platforms once; if there are none, those of *default*.

        :raises UnsupportedPlatformError: one is malformed or unknown, or a glob matches nothing
        :raises UsageError: a triple asks for what cannot be built
        """
        meanings = [read_triple(text, resources.table()) for text in self._triples()]
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

    def universal(self) -> dict[str, tuple[Platform, ...]]:
        """Return the platforms of each triple that means several, joined into universal binaries.

        Those of variants are not among them.
        """
        table = resources.table()
        found: dict[str, tuple[Platform, ...]] = {}
        for row in table.rows.values():
            name = None if row.lipo is None else row.lipo.universal
            if name is not None and name in self.targets and table.is_plain(row):
                found[name] = (*found.get(name, ()), row.platform)
        return found

    def _triples(self) -> Iterator[str]:
        """Yield the triples that mean one platform, those of universal binaries among them."""
        joined = self.universal()
        rust = QUERIES["rust-target"]
        for text in self.targets:
            if text not in joined:
                yield text
            for platform in joined.get(text, ()):
                yield rust.value(resolve(resources.table(), platform)) or str(platform)

    def libc(self, flag: str | None) -> str | None:
        """Return the libc of the triples and ``--libc``, or None.

        :raises UsageError: they name two
        """
        found = {
            text: meaning.libc
            for text in self._triples()
            if (meaning := read_triple(text, resources.table())).libc is not None
        }
        asked = dict.fromkeys(found.values())
        if len(asked) > 1:
            raise UsageError(
                f"two C libraries in one build: {', '.join(found)}",
                "build them one after the other, each with its own --output",
            )
        own = next(iter(asked), None)
        if flag is None or own is None:
            return flag or own
        both = narrower(flag, own)
        if both is None:
            raise UsageError(
                f"--target {next(iter(found))} is for {own}, but --libc for {flag}",
                "remove one of them",
            )
        return both

    def rust(self) -> dict[Platform, str]:
        """Return the targets of Rust that triples name instead of a platform's own.

        :raises UsageError: a platform gets two
        """
        found: dict[Platform, tuple[str | None, str]] = {}
        for text in self._triples():
            meaning = read_triple(text, resources.table())
            rust, other = found.setdefault(meaning.platform, (meaning.rust, text))
            if rust != meaning.rust:
                raise UsageError(
                    f"two targets for {meaning.platform} in one build: {other}, {text}",
                    "build them one after the other, each with its own --output",
                )
        return {platform: rust for platform, (rust, _) in found.items() if rust is not None}

    def one(self, tell: Callable[[Iterable[str]], object]) -> Platform:
        """Return the only platform, or that of this machine if there is none.

        :param tell: called with notes on how single words were understood
        :raises UnsupportedPlatformError: it is malformed or unknown
        :raises UsageError: ``--platform`` and ``--target`` name two
        """
        named = [read_one_platform(text, tell) for text in self.lists]
        found = dict.fromkeys(
            [*named, *(read_triple(text, resources.table()).platform for text in self._triples())]
        )
        if len(found) > 1:
            raise UsageError(
                f"--platform and --target name two platforms: {', '.join(map(str, found))}",
                "remove one of them",
            )
        return next(iter(found), None) or facts.platform(resources.table().words)


def narrower(first: str, second: str) -> str | None:
    """Return the more specific of two libcs, or None if they contradict each other.

    >>> narrower("gnu", "gnu.2.28"), narrower("gnu", "musl")
    ('gnu.2.28', None)
    """
    short, long = sorted((first, second), key=len)
    return long if long == short or long.startswith(f"{short}.") else None


def read_one_platform(text: str | None, tell: Callable[[Iterable[str]], object]) -> Platform:
    """Return the platform that *text* names in any spelling that people type.

    :param text: None and ``local`` mean this machine
    :param tell: called with notes on how a single word was understood
    :raises UnsupportedPlatformError: it is malformed or unknown
    """
    words = resources.table().words
    local = facts.platform(words)
    if text is None:
        return local
    if is_list(text):
        raise UnsupportedPlatformError(
            f"{text!r} is a list of platforms", "this command takes one, such as linux/arm64"
        )
    try:
        found = read_one(text, words, local, typed=True)
    except UnsupportedPlatformError as error:
        raise with_meaning(text, error) from error
    tell(filter(None, (half(text, found, words),)))
    return found


def explained(texts: Iterable[str], *, variants: bool, local: Platform) -> Chosen:
    """Read lists of platforms; the error for a triple among them says how to write it.

    :raises UnsupportedPlatformError: one is malformed or unknown, or a glob matches nothing
    """
    listed = tuple(texts)
    words = resources.table().words
    try:
        return read_list(listed, words, local=local, typed=True, variants=variants)
    except UnsupportedPlatformError as error:
        raise with_meaning(error.item, error) from error


def with_meaning(word: str, error: UnsupportedPlatformError) -> UnsupportedPlatformError:
    """Return *error* with a hint on how to write *word* if that is a triple."""
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
