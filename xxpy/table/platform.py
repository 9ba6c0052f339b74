"""OCI platforms: parse, normalize and format them.

A platform is written ``os/architecture[/variant]``; the operating system may carry a version and
features::

    linux/arm64    linux/arm/v7    windows(10.0.17763+win32k)/amd64

Rules of reading (https://github.com/containerd/platforms,
https://github.com/opencontainers/image-spec):

- one to three parts, each ``[A-Za-z0-9_.-]+``, lower-cased;
- one part alone is an operating system (with the build machine's architecture) or an architecture
  (with its system);
- aliases become the one canonical spelling: ``aarch64`` is ``arm64``, ``linux/arm`` is
  ``linux/arm/v7``, ``arm64/v8`` is ``arm64``, ``amd64/v1`` is ``amd64``;
- within the version of the system, ``%2B`` is a plus sign and ``%25`` a percent sign; features are
  sorted.

The words come from the table as a :class:`~xxpy.table.words.Vocabulary`; this module has only the
grammar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, nearest
from xxpy.table.words import Vocabulary, malformed, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAXIMUM_LENGTH: Final = 255
"""The longest platform that is accepted, in characters."""

_MOST_PARTS: Final = 3
_PART = re.compile(r"[a-z0-9_.-]+")
_SYSTEM = re.compile(
    r"(?P<os>[A-Za-z0-9_.-]+)(?:\((?P<version>[^()+]*)(?P<features>(?:\+[A-Za-z0-9_.-]+)*)\))?"
)
_VERSION = re.compile(r"(?:[A-Za-z0-9_.-]|%2B|%25)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Platform:
    """One platform in canonical spelling.

    :param os: the operating system as OCI writes it, such as ``linux``
    :param architecture: the architecture as OCI writes it, such as ``arm64``
    :param variant: ``v7``, ``v3`` … or "" where the architecture has none or means its lowest
    :param os_version: the version of the system (``10.0.17763``) or ""
    :param os_features: the features of the system, sorted
    """

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Read one platform in any spelling that people type, with the words of xxpy's table.

        >>> from xxpy import Platform
        >>> [str(Platform.parse(text)) for text in ("linux/aarch64", "linux/armhf", "windows/x64")]
        ['linux/arm64', 'linux/arm/v7', 'windows/amd64']

        :param text: ``linux/arm/v7``, ``arm64``, ``x86_64`` …; for a single word the rest is that
            of this machine
        :raises UnsupportedPlatformError: it is malformed, or the table does not have it
        """
        words, local = _provided()
        return parse(text, words, local=local, typed=True)

    @classmethod
    def local(cls) -> Platform:
        """Return the platform of this machine.

        :raises UnsupportedPlatformError: the table does not have its system or its architecture
            (``uname -m``)
        """
        return _provided()[1]

    def __str__(self) -> str:
        """The platform in OCI's spelling, ``linux/arm/v7``; parsing it gives the same platform."""
        version = self.os_version.replace("%", "%25").replace("+", "%2B")
        extra = "+".join((version, *self.os_features))
        system = f"{self.os}({extra})" if extra else self.os
        return "/".join(filter(None, (system, self.architecture, self.variant)))

    @property
    def key(self) -> str:
        """The key of its row in the table: ``linux/arm/v7``, without version and features."""
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    @property
    def pair(self) -> str:
        """The ``TARGETPAIR`` of the ``xx-*`` commands: ``linux-armv7``, ``linux-arm64``."""
        return f"{self.os}-{self.architecture}{self.variant}"

    @property
    def folder(self) -> str:
        """The folder that BuildKit's local exporter uses: ``linux_arm_v7``."""
        return self.key.replace("/", "_")


_PROVIDERS: Final[list[Callable[[], tuple[Vocabulary, Platform]]]] = []


def provide(words_and_local: Callable[[], tuple[Vocabulary, Platform]]) -> None:
    """Set the source of the words and of this machine's platform for :meth:`Platform.parse`.

    This module reads no files itself.
    """
    _PROVIDERS[:] = [words_and_local]


def _provided() -> tuple[Vocabulary, Platform]:
    return _PROVIDERS[0]()


def parse(
    text: str, words: Vocabulary, *, local: Platform | None = None, typed: bool = False
) -> Platform:
    """Read one platform and return it in canonical spelling.

    :param text: ``os/architecture[/variant]``, an operating system or an architecture
    :param words: the vocabulary of the table
    :param local: the build machine, which gives the rest for a single word; without it a single
        word is refused
    :param typed: also accept the spellings that people type (``x64``, ``armv7l``)
    :raises UnsupportedPlatformError: it is malformed, or the table does not have it
    """
    parts, head = _split(text, words)
    version = _unescape(head["version"] or "", text)
    features = tuple(sorted({*(head["features"] or "").split("+")} - {""}))
    system_word = head["os"].lower()
    if len(parts) == 1:
        return _complete(
            system_word, text, words, local, typed=typed, version=version, features=features
        )
    system = _system(system_word, words, typed=typed)
    if system is None:
        raise unknown("operating system", system_word, text, words)
    return _assemble(
        system,
        [part.lower() for part in parts[1:]],
        text,
        words,
        typed=typed,
        version=version,
        features=features,
    )


def _split(text: str, words: Vocabulary) -> tuple[list[str], re.Match[str]]:
    """Return the parts of a platform, and the match of the first one.

    :raises UnsupportedPlatformError: it is malformed
    """
    if not text:
        raise UnsupportedPlatformError(
            "the platform is empty", "write os/architecture[/variant], such as linux/arm64"
        )
    if len(text) > MAXIMUM_LENGTH:
        raise UnsupportedPlatformError(
            f"the platform has {len(text)} characters: {text[:40]}…",
            f"at most {MAXIMUM_LENGTH} characters are allowed",
        )
    parts = text.split("/")
    head = _SYSTEM.fullmatch(parts[0])
    well_formed = all(_PART.fullmatch(part.lower()) for part in parts[1:])
    if head is None or len(parts) > _MOST_PARTS or not well_formed:
        raise malformed(text, words)
    return parts, head


def _unescape(version: str, text: str) -> str:
    """Return a version of an operating system without its escapes."""
    if not _VERSION.fullmatch(version):
        raise UnsupportedPlatformError(
            f"malformed operating system version {version!r} in {text!r}",
            "write %2B for a plus sign, %25 for a percent sign",
        )
    return re.sub("%2b", "+", version, flags=re.IGNORECASE).replace("%25", "%")


def _system(word: str, words: Vocabulary, *, typed: bool) -> str | None:
    return words.systems.get(word) or (words.typed_systems.get(word) if typed else None)


def _architecture(word: str, words: Vocabulary, *, typed: bool) -> tuple[str, str] | None:
    return words.architectures.get(word) or (words.typed_architectures.get(word) if typed else None)


def _complete(
    word: str,
    text: str,
    words: Vocabulary,
    local: Platform | None,
    *,
    typed: bool,
    version: str,
    features: tuple[str, ...],
) -> Platform:
    """Return the platform that a single word means; the rest is the build machine's."""
    system = _system(word, words, typed=typed)
    architecture = _architecture(word, words, typed=typed)
    if system is None and architecture is None:
        raise unknown("operating system or architecture", word, text, words)
    if local is None:
        raise UnsupportedPlatformError(
            f"{text!r} is only half a platform", "write os/architecture, such as linux/arm64"
        )
    if system is not None:
        return Platform(system, local.architecture, local.variant, version, features)
    if version or features:
        raise UnsupportedPlatformError(
            f"malformed platform {text!r}", "only an operating system has a version"
        )
    return _assemble(local.os, [word], text, words, typed=typed, version=version, features=features)


def _assemble(
    system: str,
    rest: Sequence[str],
    text: str,
    words: Vocabulary,
    *,
    typed: bool,
    version: str,
    features: tuple[str, ...],
) -> Platform:
    """Return the platform of a system, and of an architecture with its variant, if any."""
    found = _architecture(rest[0], words, typed=typed)
    if found is None:
        raise unknown("architecture", rest[0], text, words)
    architecture, variant = found
    if len(rest) > 1:
        spelled = words.variants.get(architecture, {})
        if rest[1] not in spelled:
            known = [f"{system}/{architecture}/{word}" for word in spelled]
            hint = nearest(f"{system}/{architecture}/{rest[1]}", known)
            variants = ", ".join(spelled) or "no variants"
            raise UnsupportedPlatformError(
                f"unknown variant {rest[1]} in {text}", hint or f"{architecture} has {variants}"
            )
        variant = spelled[rest[1]]
    elif not variant:
        variant = words.default_variant.get(architecture, "")
    return Platform(system, architecture, variant, version, features)


def parse_folder(name: str, words: Vocabulary) -> Platform | None:
    """Return the platform of a folder of BuildKit's local exporter (``linux_arm_v7``), or None."""
    return next((parse(key, words) for key in words.keys if key.replace("/", "_") == name), None)


def runnable(platform: Platform, words: Vocabulary) -> tuple[Platform, ...]:
    """Return every platform whose programs run on *platform*, best first, itself included.

    The order is that of containerd's ``platforms.Only``: arm v8, v7, v6, v5; amd64 v4 to v1, then
    386.
    """
    order: dict[str, None] = {}

    def visit(key: str) -> None:
        if key not in order:
            order[key] = None
            for lower in words.runs.get(key, ()):
                visit(lower)

    visit("/".join(filter(None, (platform.architecture, platform.variant))))
    return tuple(
        Platform(platform.os, *key.partition("/")[::2], platform.os_version, platform.os_features)
        for key in order
    )


def select(available: Iterable[Platform], wanted: Platform, words: Vocabulary) -> Platform | None:
    """Return the one of *available* that suits *wanted* best, or None.

    The order is that of containerd's ``MatchComparer``.
    """
    offered = set(available)
    return next((candidate for candidate in runnable(wanted, words) if candidate in offered), None)
