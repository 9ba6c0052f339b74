"""Which packages of which release: ``debian:bookworm`` and a platform become a :class:`Source`, by ``toolchains/distributions.toml``."""

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
    from xxpy.table.load import Table

_PACKAGE: Final = re.compile(r"[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+~:-]+)?")
"""The name of a package (https://www.debian.org/doc/debian-policy/ch-controlfields.html#source), and perhaps its version."""


@dataclass(frozen=True, slots=True)
class Source:
    """The packages of one release for one architecture.

    :param name: ``debian:bookworm``
    :param architecture: as the distribution names it, ``arm64``
    :param triple: its multi-arch tuple, ``aarch64-linux-gnu``
    :param archives: the address of each of its archives, and the suites that are read of it;
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
        """Return the address of an archive, without a slash at its end; that of the main one where this one is not asked."""
        return self.archives.get(archive, self.archives["main"])[0]


def packages(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of packages, each once, sorted.

    :raises UsageError: one is no name of a package
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
    """Return the release that packages come from where none is named: this machine's own, else Debian's newest."""
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
    :param mirror: another address of the archive, instead of the one that this machine uses or the
        distribution's own
    :param keyring: another file with the keys that sign it
    :param updates: whether its updates are taken, or the release as it came out
    :raises UsageError: there is no such distribution or release, or its packages cannot be taken
    :raises UnsupportedPlatformError: it does not have the platform
    """
    identity, _, word = wanted.partition(":")
    if identity not in table.archives:
        known = ", ".join(table.archives)
        raise UsageError(
            f"no packages can be taken from {identity!r}",
            nearest(identity, table.archives) or f"known are {known}",
        )
    distribution, release = table.distribution(identity), _release(identity, word, table)
    names, span = row.debian, availability.span(row, identity)
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
    """Return which release has packages for a platform, and how it is named in each place; without one, what takes their place."""
    for identity, release in availability.releases(row, table):
        name = f"{identity}:{release.codename}"
        return "\n".join(
            [
                f"{table.distribution(identity).title} {release.number} has them:",
                f'  in xxpy.toml: platform."{row.platform}".sysroot = {{ distribution = "{name}" }}',
                f"  with xxpy sysroot add: --distribution {name}",
            ]
        )
    return f"a folder with headers and libraries: xxpy sysroot import --platform {row.platform} DIR"


def codename(identity: str, word: str, table: Table) -> str:
    """Return the name of a release, by its number or by its name.

    :raises UsageError: there is no such release
    """
    return _release(identity, word, table).codename or word


def _usable(release: Release) -> bool:
    return release.gcc is not None and release.codename is not None


def _release(identity: str, word: str, table: Table) -> Release:
    usable = [release for release in table.releases[identity] if release.usable]
    if not word:
        return usable[-1]
    for release in usable:
        if word in {release.number, release.codename}:
            return release
    names = [release.codename or release.number for release in usable]
    raise UsageError(
        f"no release of {identity} is {word!r}",
        nearest(word, names) or f"known are {', '.join(names)}",
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
    """Return the addresses that this machine's apt reads its own release from, by suite; none where it runs another distribution."""
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
