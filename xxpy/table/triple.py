"""Read the triples of other tools: which platform, libc and oldest glibc they mean.

::

    aarch64-unknown-linux-musl     Rust                      linux/arm64, musl
    x86_64-linux-gnu.2.28          zig, cargo-zigbuild       linux/amd64, gnu, glibc 2.28
    x86_64-w64-mingw32             GNU                       windows/amd64
    arm64-apple-darwin             clang                     darwin/arm64
    x86_64-redhat-linux-gnu        GNU, of another vendor    linux/amd64, gnu

Every spelling is one of the table's names (:data:`xxpy.table.target.QUERIES`). If several platforms
have the same triple, it means the default variant of the architecture, or the first in the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, UsageError, nearest
from xxpy.table.resolve import resolve
from xxpy.table.target import LIBC_VARIABLE, QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

OWNERS: Final = (
    "rust-target",
    "zig-target",
    "clang-target",
    "debian-triple",
    "gnu-triple",
    "triple",
)
"""The queries whose answers are triples; the first one with a spelling says what it means."""

_FLOOR: Final = re.compile(r"(.+)\.(\d+\.\d+(?:\.\d+)?)")
_VERSION: Final = re.compile(r"(.*[A-Za-z_])[-.]?\d[\d.]*")
_PARTS: Final = 4
"""The parts of a triple with a vendor and a libc."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a triple means.

    :param libc: a value of ``--libc``, such as ``musl`` or ``gnu.2.28``; None if the system has
        only one libc
    :param rust: the target of Rust, if the triple means another one than the platform's own
    """

    platform: Platform
    libc: str | None = None
    rust: str | None = None

    @property
    def flags(self) -> str:
        """The flags with the same meaning, for people."""
        if self.rust is not None:
            return f"--target {self.rust}"
        return f"--platform {self.platform}" + (f" --libc {self.libc}" if self.libc else "")


def read_triple(text: str, table: Table) -> Meaning:
    """Return what a triple means.

    :raises UsageError: it has a version of the system, Microsoft's libraries, or a version of a
        libc other than glibc
    :raises UnsupportedPlatformError: the table does not have it
    """
    word = text.strip().lower()
    known = _spellings(table)
    found = _find(word, known)
    if found is not None:
        return found
    split = _FLOOR.fullmatch(word)
    if split is not None and (base := _find(split[1], known)) is not None and base.libc is not None:
        return Meaning(base.platform, _with_floor(text, base.libc, split[2], table))
    raise (
        _versioned(text, word, table, known)
        or _foreign(text, word, table)
        or _unknown(text, word, known)
    )


def _find(word: str, known: Mapping[str, Meaning]) -> Meaning | None:
    return known.get(word) or known.get(_without_vendor(word))


def _without_vendor(word: str) -> str:
    """Return a triple of four parts without its vendor, as the table's are listed as well.

    >>> _without_vendor("x86_64-redhat-linux-gnu")
    'x86_64--linux-gnu'
    """
    parts = word.split("-")
    return f"{parts[0]}--{'-'.join(parts[2:])}" if len(parts) == _PARTS else word


def _with_floor(text: str, libc: str, floor: str, table: Table) -> str:
    """Return a libc with its oldest version."""
    if libc not in _versioned_libcs(table):
        raise UsageError(f"{text}: {libc} takes no oldest version", f"leave .{floor} out")
    return f"{libc}.{floor}"


def _versioned_libcs(table: Table) -> frozenset[str]:
    """Return the libcs whose version in a distribution's release matters to programs."""
    return frozenset(
        table.distribution(name).libc
        for name, releases in table.releases.items()
        for release in releases
        if release.glibc is not None
    )


def _spellings(table: Table) -> dict[str, Meaning]:
    """Return every triple of the table with its meaning.

    Those of four parts are also listed without their vendor.
    """
    found: dict[str, Meaning] = {}
    plain = [row for row in table.rows.values() if _is_default(row, table)]
    for owner in OWNERS:
        own: dict[str, Meaning] = {}
        for row in (*plain, *table.rows.values()):
            for name, libc in _names(owner, row, table):
                own.setdefault(name, Meaning(row.platform, libc))
        found = own | found
    for row in plain:
        if row.rust is not None and row.rust.gnullvm is not None:
            found[row.rust.gnullvm] = Meaning(row.platform, rust=row.rust.gnullvm)
    return {
        _without_vendor(name): meaning for name, meaning in reversed(list(found.items()))
    } | found


def _is_default(row: Row, table: Table) -> bool:
    return row.platform.variant == table.words.default_variant.get(row.platform.architecture, "")


def _names(owner: str, row: Row, table: Table) -> Iterator[tuple[str, str | None]]:
    """Yield a query's answers for a platform, with every libc and every distribution's spelling."""
    identities = {entry.alpine_spelling: name for name, entry in table.distributions.items()}
    for libc in _libcs(table) if row.triple.libc else (None,):
        for identity in sorted(identities.values()):
            target = resolve(table, row.platform, identity, variables={LIBC_VARIABLE: libc or ""})
            name = QUERIES[owner].value(target)
            if name is not None:
                yield name.lower(), libc


def _libcs(table: Table) -> tuple[str, ...]:
    """Return the libcs that distributions have, the most common first."""
    libcs = [entry.libc for entry in table.distributions.values()]
    return tuple(sorted(set(libcs), key=lambda libc: -libcs.count(libc)))


def _versioned(
    text: str, word: str, table: Table, known: Mapping[str, Meaning]
) -> UsageError | None:
    """Return the error for a triple that names a version of the system."""
    base = _without_version(word)
    found = _find(
        base, {_without_version(name): meaning for name, meaning in reversed(list(known.items()))}
    )
    if found is None:
        return None
    variable = table.row(found.platform).triple.version_common
    hint = f"--platform {found.platform}" + (
        f", with {variable} in the environment or in xxpy.toml" if variable else ""
    )
    return UsageError(f"{text}: a triple cannot set the version of the system", hint)


def _without_version(word: str) -> str:
    """Return a triple without the version of its system.

    >>> _without_version("arm64-apple-macos11.0"), _without_version("x86_64-linux-gnu")
    ('arm64-apple-macos', 'x86_64-linux-gnu')
    """
    split = _VERSION.fullmatch(word)
    return word if split is None else split[1]


def _foreign(text: str, word: str, table: Table) -> UsageError | None:
    """Return the error for a triple whose libraries xxpy cannot link."""
    for row in table.rows.values():
        if row.rust is not None and row.rust.msvc == word:
            builds = QUERIES["rust-target"].value(resolve(table, row.platform))
            hint = (
                f"--target {builds} builds for the same Windows with mingw-w64"
                if builds
                else "mingw-w64 has no such target"
            )
            needs = "the libraries and the linker of Visual Studio, which run on Windows only"
            return UsageError(f"{text} needs {needs}", hint)
    return None


def _unknown(text: str, word: str, known: Mapping[str, Meaning]) -> UnsupportedPlatformError:
    """Return the error for a triple that the table does not have."""
    names = [name for name in known if "--" not in name]
    example = "a triple has two to four words, such as aarch64-unknown-linux-musl"
    hint = nearest(word, names) if "-" in word else f"{example}; a platform is --platform P"
    return UnsupportedPlatformError(
        f"unknown triple {text}", hint or "xxpy info --platform P prints the triples of a platform"
    )
