"""Which releases of a distribution have packages for a platform, for Python and for ``xx-apt``.

A row has a group with the name of the distribution (``debian``, ``ubuntu``), whose ``since`` and
``until`` are the first and the last release. Without that group, or without ``since``, the
distribution has no packages for the platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Release
    from xxpy.table.load import Table


@dataclass(frozen=True, slots=True)
class Span:
    """The releases of one distribution that have packages for a platform.

    :param since: the first one, as a number that can be compared
    :param until: the last one, or None if the newest has them
    """

    since: int
    until: int | None

    def __contains__(self, release: str) -> bool:
        """Return whether the release with a number (``12``, ``24.04``) has packages."""
        return self.since <= number(release) <= (self.until or number(release))


def number(release: str) -> int:
    """Return a release as a number that can be compared.

    >>> number("12") < number("13"), number("6.06") < number("24.04")
    (True, True)
    """
    return int(release.replace(".", ""))


def span(row: Row, identity: str) -> Span | None:
    """Return the releases of a distribution with packages for a platform, or None.

    :param identity: the distribution, such as ``debian``
    """
    if row.debian is None or row.debian.triple is None:  # its library folder has no name
        return None
    group = getattr(row, identity, None)
    since, until = getattr(group, "since", None), getattr(group, "until", None)
    return (
        None
        if since is None
        else Span(number(str(since)), None if until is None else number(str(until)))
    )


def releases(row: Row, table: Table) -> Iterator[tuple[str, Release]]:
    """Yield each distribution and release whose packages xxpy can use for a platform.

    The newest release of a distribution comes first.
    """
    for identity in table.archives:
        found = span(row, identity)
        for release in reversed(table.releases[identity]):
            if found is not None and release.usable and release.number in found:
                yield identity, release


def best(row: Row, libc: str, table: Table, own: tuple[str, str]) -> tuple[str, str] | None:
    """Return the best release with packages for a platform and libc, and the command to add it.

    None means that no release has them. The first result is the release as people name it, such as
    ``debian:bookworm``.

    :param own: the ``ID`` and ``VERSION_ID`` of this machine, whose release comes first and need
        not be named in the command
    """
    fitting = [found for found in releases(row, table) if table.distribution(found[0]).libc == libc]
    if not fitting:
        return None
    identity, release = next(
        (found for found in fitting if (found[0], found[1].number) == own), fitting[0]
    )
    name, add = f"{identity}:{release.codename}", f"xxpy sysroot add --platform {row.platform}"
    return name, add if (identity, release.number) == own else f"{add} --distribution {name}"
