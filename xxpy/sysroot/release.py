"""Find the packages of a release for a platform, from ``toolchains/distributions.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import ToolError, UnsupportedPlatformError, UsageError, nearest
from xxpy.machine import facts, programs
from xxpy.table import availability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Archive, Distribution, Release
    from xxpy.table.model import Table

_PACKAGE: Final = re.compile(r"[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+~:-]+)?")
"""The name of a package, perhaps with its version.

See https://www.debian.org/doc/debian-policy/ch-controlfields.html#source.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """The packages of one release for one architecture.

    :param name: ``debian:bookworm``
    :param architecture: as the distribution names it, ``arm64``
    :param triple: its multi-arch tuple, ``aarch64-linux-gnu``
    :param archives: the address of each of its archives, and the suites to read from it;
        ``main`` comes first
    :param keyring: the file with the keys that sign them
    """

    name: str
    distribution: Distribution
    release: Release
    archive: Archive
    architecture: str
    triple: str
    archives: Mapping[str, tuple[str, tuple[str, ...]]]
    keyring: str

    @property
    def essentials(self) -> tuple[str, ...]:
        """The packages without which no C or C++ program links."""
        return tuple(name.format(gcc=self.release.gcc) for name in self.archive.essentials)

    def mirror(self, archive: str) -> str:
        """Return the address of an archive without a final slash, or that of the main archive."""
        return self.archives.get(archive, self.archives["main"])[0]


def packages(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of packages, sorted and without duplicates.

    :raises UsageError: one is not the name of a package
    """
    chosen = sorted(set(names))
    for name in chosen:
        if not _PACKAGE.fullmatch(name):
            bare, _, rest = name.partition(":")
            hint = (
                f"{bare}; the platform chooses the architecture"
                if rest and _PACKAGE.fullmatch(bare)
                else "a name such as libssl-dev"
            )
            raise UsageError(f"{name!r} is not the name of a package", hint)
    return tuple(chosen)


def default(table: Table) -> str:
    """Return the default release: this machine's own, or else Debian's newest."""
    own = facts.release()
    if own.id in table.archives and any(
        release.usable and release.number == own.version for release in table.releases[own.id]
    ):
        return f"{own.id}:{own.version}"
    return next(iter(table.archives))


def source(
    wanted: str,
    row: Row,
    table: Table,
    *,
    mirror: str | None = None,
    keyring: str | None = None,
    updates: bool = True,
) -> Source:
    """Return where the packages of *wanted* for the platform of *row* come from.

    :param wanted: ``debian:bookworm``, ``debian:12`` or ``debian``
    :param mirror: another address of the archive, in place of the one that this machine uses or
        the distribution's own
    :param keyring: another file with the keys that sign it
    :param updates: whether to include updates, or only the release as it came out
    :raises UsageError: there is no such distribution or release
    :raises UnsupportedPlatformError: it does not have the platform
    """
    identity, release = check(wanted, table)
    distribution = table.distribution(identity)
    names, span = row.debian, availability.span(row, identity, table)
    if names is None or names.triple is None or span is None or release.number not in span:
        there = (
            f"{distribution.title} {release.number} ({release.codename})"
            if names is not None
            else distribution.title
        )
        raise UnsupportedPlatformError(
            f"{there} has no packages for {row.platform}", _elsewhere(row, table)
        )
    archive = table.archives[identity]
    archives = _archives(identity, release, archive, names.arch, mirror, updates=updates)
    return Source(
        f"{identity}:{release.codename}",
        distribution,
        release,
        archive,
        names.arch,
        names.triple,
        archives,
        keyring or archive.keyring,
    )


def _elsewhere(row: Row, table: Table) -> str:
    """Return which release has packages for a platform and how to choose it, or an alternative."""
    for identity, release in availability.releases(row, table):
        name = f"{identity}:{release.codename}"
        table_ = f'{{ distribution = "{name}" }}'
        return "\n".join(
            [
                f"{table.distribution(identity).title} {release.number} has them:",
                f'  in xxpy.toml: platform."{row.platform}".sysroot = {table_}',
                f"  with xxpy sysroot add: --distribution {name}",
            ]
        )
    return f"a folder with headers and libraries: xxpy sysroot import --platform {row.platform} DIR"


def codename(identity: str, word: str, table: Table) -> str:
    """Return the name of a release, by its number or by its name.

    :raises UsageError: there is no such release
    """
    return _release(identity, word, table).codename or word


def check(wanted: str, table: Table) -> tuple[str, Release]:
    """Return a distribution and its release.

    :param wanted: ``debian:bookworm``, ``debian:12`` or ``debian``
    :raises UsageError: there is no such distribution or release
    """
    identity, _, word = wanted.partition(":")
    if identity not in table.archives:
        raise UsageError(
            f"unknown distribution {identity!r}",
            nearest(identity, table.archives) or f"expected one of: {', '.join(table.archives)}",
        )
    return identity, _release(identity, word, table)


def _release(identity: str, word: str, table: Table) -> Release:
    """Return a release by its number or name, or the newest one.

    :raises UsageError: there is no such release
    """
    usable = [release for release in table.releases[identity] if release.usable]
    if not word:
        return usable[-1]
    for release in usable:
        if word in {release.number, release.codename}:
            return release
    names = [release.codename or release.number for release in usable]
    raise UsageError(
        f"{identity} has no release {word!r}",
        nearest(word, names) or f"expected one of: {', '.join(names)}",
    )


def _archives(
    identity: str,
    release: Release,
    archive: Archive,
    architecture: str,
    mirror: str | None,
    *,
    updates: bool,
) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return the address and the suites of each archive: of *mirror*, this machine or the table."""

    def suites(patterns: Iterable[str]) -> tuple[str, ...]:
        return tuple(pattern.format(codename=release.codename) for pattern in patterns)

    main_suites = suites(archive.suites if updates else archive.suites[:1])
    ports = archive.ports if architecture not in archive.main_architectures else None
    if mirror or ports:
        return {"main": ((mirror or ports or "").rstrip("/"), main_suites)}
    own = _configured(identity)
    main = next((uri for suite, uri in own.items() if "-" not in suite), archive.mirror)
    found = {"main": (main.rstrip("/"), main_suites)}
    secure = (
        archive.security
        if not own
        else next((uri for suite, uri in own.items() if suite.endswith("-security")), None)
    )
    if updates and archive.security is not None and secure is not None:
        found["security"] = (secure.rstrip("/"), suites(archive.security_suites))
    return found


def _configured(identity: str) -> dict[str, str]:
    """Return the addresses from which this machine's apt reads its own release, by suite.

    There are none if it runs another distribution.
    """
    own = facts.release()
    if own.id != identity or not own.codename or programs.which("apt-get") is None:
        return {}
    try:
        listed = programs.output(
            [
                "apt-get",
                "indextargets",
                "--format",
                "$(RELEASE) $(REPO_URI)",
                "Created-By: Packages",
            ]
        )
    except ToolError:
        return {}
    targets = (line.partition(" ") for line in listed.splitlines())
    return {suite: uri for suite, _, uri in targets if suite.split("-")[0] == own.codename}
