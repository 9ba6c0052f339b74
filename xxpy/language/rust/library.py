"""Find Rust's standard library for a target: in rustc, a sysroot, rustup or Debian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy import sysroot
from xxpy.errors import ToolError, UnsupportedPlatformError, XxpyError
from xxpy.language.rust import toolchain
from xxpy.machine import facts, programs
from xxpy.sysroot import Added, Spec
from xxpy.table.names import RUSTUP_TIERS, rust_package
from xxpy.table.target import is_musl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.language.rust.toolchain import Rust
    from xxpy.sysroot import Sysroot
    from xxpy.table.load import Table
    from xxpy.table.target import Target


_SAID: Final = 3
"""How many of the last lines of a tool's output are shown."""


@dataclass(frozen=True, slots=True)
class Library:
    """A standard library that is ready to use.

    :param sysroot: the argument for ``rustc --sysroot``, or None if rustc's own has the target
    :param libraries: the sysroot with the target's C libraries, or None
    :param origin: where it comes from, for people
    :param note: how the user's Rust was changed for it, or ""
    """

    sysroot: Path | None
    libraries: Sysroot | None
    origin: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A request for a target's standard library, with the sysroot that a project wants.

    :param shown: whether only its source is to be shown
    """

    rust: Rust
    name: str
    target: Target
    build: Target
    spec: Spec | Added | None
    environment: Mapping[str, str]
    shown: bool


def ensure(wish: Wish, table: Table, *, build_std: bool) -> Library:
    """Return the standard library for a target, fetching it if needed.

    :param build_std: whether cargo builds it from source, with ``-Z build-std``
    :raises ToolError: none fits; the hint has the two shortest ways to get one
    :raises XxpyError: the sysroot that the project wants cannot be made
    """
    rust, name = wish.rust, wish.name
    sysroot.possible(wish.spec, wish.target, table)
    if rust.has(name) or build_std:
        found = sysroot.wanted(wish.spec, wish.target, table)
        return Library(None, found, "its own source" if build_std else f"rustc {rust.version}")
    reasons = []
    added = sysroot.wanted(wish.spec, wish.target, table) if isinstance(wish.spec, Added) else None
    if added is not None and toolchain.has_library(added.path / "usr", name):
        if toolchain.fits(rust, added.path / "usr", name):
            return Library(added.path / "usr", added, f"the sysroot {added.name}")
        reasons.append(
            f"the sysroot {added.name} has one of another version than rustc {rust.version}"
        )
    for way in (_by_rustup, _by_debian):
        try:
            library = way(wish, table)
        except UnsupportedPlatformError as error:
            reasons.append(error.message)
            continue
        except XxpyError as error:
            if isinstance(error, ToolError) and error.unknown:  # a build can tell
                raise
            reasons += [error.message, *error.hint.splitlines()[-_SAID:]]
            continue
        if library is not None:
            return library
    raise ToolError(
        f"Rust has no standard library for {wish.target.platform} ({name})",
        "\n".join(filter(None, (*reasons, _ways(wish)))),
    )


def _tier(target: Target) -> str | None:
    group = target.row.rust
    if group is None:
        return None
    return group.musl_tier if target.row.triple.libc and is_musl(target) else group.tier


def _ways(wish: Wish) -> str:
    """Return how to get the standard library, for people."""
    if _tier(wish.target) not in RUSTUP_TIERS:
        return "one way: a nightly Rust with rust-src, and xxpy build -- -Z build-std"
    # What has just failed is no way: rustup if it manages this Rust, Debian's package if rustc is
    # Debian's.
    package = (
        None
        if wish.rust.package is not None or is_musl(wish.target)
        else rust_package(wish.target.row)
    )
    ways = [] if wish.rust.rustup is not None else [f"rustup target add {wish.name}"]
    ways += [f"apt-get install cargo rustc, whose {package} xxpy fetches"] if package else []
    return f"{'two ways' if len(ways) > 1 else 'one way'}: {'   or   '.join(ways)}" if ways else ""


def _by_rustup(wish: Wish, table: Table) -> Library | None:
    """Add the target with rustup."""
    rust = wish.rust
    if rust.rustup is None or _tier(wish.target) not in RUSTUP_TIERS:
        return None
    toolchain_name = rust.sysroot.name
    if wish.shown:
        return Library(
            None,
            sysroot.wanted(wish.spec, wish.target, table),
            f"rustup target add {wish.name}, during a build",
        )
    programs.output(
        [rust.rustup, "target", "add", "--toolchain", toolchain_name, wish.name],
        environment=wish.environment,
    )
    if not rust.has(wish.name):
        raise ToolError(f"rustup target add {wish.name} left no standard library in {rust.sysroot}")
    found = sysroot.wanted(wish.spec, wish.target, table)
    return Library(
        None, found, "rustup", f"rustup has added the target {wish.name} to {toolchain_name}"
    )


def _by_debian(wish: Wish, table: Table) -> Library | None:
    """Unpack Debian's package of exactly rustc's version, with the target's C libraries."""
    rust, row = wish.rust, wish.target.row
    package = rust_package(row)
    if rust.package is None or package is None or (row.triple.libc and is_musl(wish.target)):
        return None
    name, foreign, _ = package.partition(":")
    release = f"debian:{facts.release().codename}"
    spec = wish.spec if isinstance(wish.spec, Spec) else None
    updates = spec is None or spec.updates
    packages = (*(spec.packages if spec is not None else ()), f"{name}={rust.package}")
    if foreign:
        found = sysroot.ensure(Spec(release, packages, updates), wish.target, table)
        named = (
            sysroot.wanted(wish.spec, wish.target, table) if isinstance(wish.spec, Added) else found
        )
        return Library(found.path / "usr", named, f"{package} {rust.package}")
    found = sysroot.ensure(Spec(release, packages, updates), wish.build, table)
    return Library(found.path / "usr", None, f"{package} {rust.package}")
