"""Which releases of a distribution have packages for a platform, for Python and for ``xx-apt``.

A distribution's ``archive.architectures`` has the first and the last release of each architecture,
by its name in packages. Without the name, or without a folder for the libraries of the platform
(``debian.triple``), the distribution has no packages for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.table.distributions import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Release
    from xxpy.table.model import Table


def span(row: Row, identity: str, table: Table) -> Span | None:
    """Return the releases of a distribution with packages for a platform, or None.

    :param identity: the distribution, such as ``debian``
    """
    names, archive = row.debian, table.archives.get(identity)
    if names is None or names.triple is None or archive is None:
        return None
    found = archive.architectures.get(names.arch)
    return None if found is None else Span.parse(found)


def releases(row: Row, table: Table) -> Iterator[tuple[str, Release]]:
    """Yield each distribution and release whose packages xxpy can use for a platform.

    The newest release of a distribution comes first.
    """
    for identity in table.archives:
        found = span(row, identity, table)
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
