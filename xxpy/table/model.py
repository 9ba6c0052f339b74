"""The whole table, as :mod:`xxpy.table.load` reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.errors import UnsupportedPlatformError, nearest
from xxpy.table.distributions import Distribution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Archive, Column, Layout, Release, Site
    from xxpy.table.platform import Platform
    from xxpy.table.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Table:
    """The whole table.

    :param rows: the rows by ``os/architecture[/variant]``, in the order of the files
    :param words: the vocabulary for :mod:`xxpy.table.platform`
    :param distributions: the distributions by the ``ID`` of os-release
    :param releases: the releases of each distribution, oldest first
    :param archives: the archive of each distribution
    :param columns: the meaning of each group, by its name
    :param layouts: the layouts of SDKs, in the order in which they are tried
    :param sites: the results of ``configure``'s run tests, by ``os`` or ``os/libc``
    """

    rows: Mapping[str, Row]
    words: Vocabulary
    distributions: Mapping[str, Distribution]
    releases: Mapping[str, tuple[Release, ...]]
    archives: Mapping[str, Archive]
    columns: Mapping[str, Column]
    layouts: Mapping[str, Layout]
    sites: Mapping[str, Site]

    def row(self, platform: Platform) -> Row:
        """Return the row of *platform*; its version and features do not matter.

        :raises UnsupportedPlatformError: the table does not have it
        """
        try:
            return self.rows[platform.key]
        except KeyError:
            hint = nearest(platform.key, self.rows) or "xxpy platforms lists them all"
            raise UnsupportedPlatformError(f"no row of the table is {platform.key}", hint) from None

    def with_rust(self, targets: Mapping[Platform, str]) -> Table:
        """Return the table in which some platforms have another target of Rust."""
        if not targets:
            return self
        changed = {
            platform.key: replace(row, rust=replace(row.rust, gnu=name, debian=None))
            for platform, name in targets.items()
            if (row := self.row(platform)).rust is not None
        }
        return replace(self, rows={**self.rows, **changed})

    def is_plain(self, row: Row) -> bool:
        """Return whether a platform is what its architecture means without a variant."""
        platform = row.platform
        return platform.variant == self.words.default_variant.get(platform.architecture, "")

    def distribution(self, identity: str) -> Distribution:
        """Return the distribution with this ``ID``.

        One that the table does not have counts as a glibc system with its name in triples.
        """
        return self.distributions.get(identity) or Distribution(identity)
