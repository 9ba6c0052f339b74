"""Names that follow from a row: architectures of packages, triples, Go's and Rust's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row
    from xxpy.table.distributions import Distribution

RUSTUP_TIERS: Final = ("1", "2")
"""The tiers of Rust's targets whose standard library rustup has
(https://doc.rust-lang.org/rustc/platform-support.html)."""


def package_arch(row: Row, distribution: Distribution) -> str:
    """Return the architecture in names of a distribution's packages (``armhf``, ``armv7hl``)."""
    names = None if distribution.names is None else getattr(row, distribution.names)
    return row.platform.architecture if names is None else str(names.arch)


def compose_triple(
    row: Row, libc: str, system: Distribution, named_as: Distribution, variables: Mapping[str, str]
) -> str:
    """Return the triple of a platform.

    :param system: the distribution that has the libraries
    :param named_as: the distribution whose spelling is used
    :param variables: the variables that override words of the triple
    """
    parts = row.triple
    word = parts.word
    abi = parts.abi
    if parts.libc:
        if named_as.alpine_spelling:
            word = parts.word_alpine or word
        if system.alpine_spelling:
            abi = parts.abi if parts.abi_alpine is None else parts.abi_alpine
        word = variables.get(parts.word_variable or "", "") or word
    version = variables.get(parts.version_variable or "", "") or parts.version
    vendor = parts.vendor or (named_as.id if parts.libc and named_as.vendor_in_triple else "")
    ending = f"{libc}{abi}" if parts.libc else ""
    return "-".join(filter(None, (word, vendor, f"{parts.system}{version}", ending)))


def go_environment(row: Row) -> dict[str, str]:
    """Return Go's variables for a platform, if Go has it.

    See https://pkg.go.dev/cmd/go#hdr-Environment_variables.
    """
    if row.go is None:
        return {}
    return {"GOOS": row.go.os, "GOARCH": row.go.arch, **(row.go.settings or {})}


def rust_package(row: Row) -> str | None:
    """Return Debian's package with Rust's standard library for a platform, or None.

    An example is ``libstd-rust-dev:arm64``.
    """
    if row.rust is None or row.rust.debian is None:
        return None
    names = row.debian
    return (
        row.rust.debian
        if names is None or names.triple is None
        else f"{row.rust.debian}:{names.arch}"
    )


def cargo_variable(name: str, what: str) -> str:
    """Return the variable from which cargo reads a setting of a target.

    >>> cargo_variable("thumbv8m.main-none-eabi", "LINKER")
    'CARGO_TARGET_THUMBV8M_MAIN_NONE_EABI_LINKER'
    """
    return f"CARGO_TARGET_{name.replace('-', '_').replace('.', '_').upper()}_{what}"
