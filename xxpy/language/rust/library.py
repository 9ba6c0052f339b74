"""Find Rust's standard library for a target: in rustc, a sysroot, rustup or Debian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    from xxpy.table.model import Table
    from xxpy.table.target import Target


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
class Request:
    """A request for a target's standard library, with the sysroot that a project wants.

    :param shown: whether only its source is shown
    """

    rust: Rust
    name: str
    target: Target
    build: Target
    spec: Spec | Added | None
    environment: Mapping[str, str]
    shown: bool


def ensure(request: Request, table: Table, *, build_std: bool) -> Library:
    """Return the standard library for a target, fetching it if needed.

    :param build_std: whether cargo builds it from source, with ``-Z build-std``
    :raises ToolError: none fits; the hint has the two shortest ways to get one
    :raises XxpyError: the sysroot that the project wants cannot be made
    """
    rust, name = request.rust, request.name
    sysroot.possible(request.spec, request.target, table)
    if rust.has(name) or build_std:
        found = sysroot.wanted(request.spec, request.target, table)
        return Library(None, found, "its own source" if build_std else f"rustc {rust.version}")
    reasons = []
    added = (
        sysroot.wanted(request.spec, request.target, table)
        if isinstance(request.spec, Added)
        else None
    )
    if added is not None and toolchain.has_library(added.path / "usr", name):
        if toolchain.fits(rust, added.path / "usr", name):
            return Library(added.path / "usr", added, f"the sysroot {added.name}")
        reasons.append(
            f"the sysroot {added.name} has one of another version than rustc {rust.version}"
        )
    for way in (_by_rustup, _by_debian):
        try:
            library = way(request, table)
        except UnsupportedPlatformError as error:
            reasons.append(error.message)
            continue
        except XxpyError as error:
            if isinstance(error, ToolError) and error.unknown:  # a build can tell
                raise
            reasons.append(error.message)
            continue
        if library is not None:
            return library
    raise ToolError(
        f"Rust has no standard library for {request.target.platform} ({name})",
        "\n".join(filter(None, (*reasons, _ways(request)))),
    )


def _tier(target: Target) -> str | None:
    group = target.row.rust
    if group is None:
        return None
    return group.musl_tier if target.row.triple.libc and is_musl(target) else group.tier


def _ways(request: Request) -> str:
    """Return how to get the standard library, for people."""
    if _tier(request.target) not in RUSTUP_TIERS:
        return "fix: a nightly Rust with rust-src, and xxpy build -- -Z build-std"
    # What has just failed is no way: rustup if it manages this Rust, Debian's package if rustc is
    # Debian's.
    package = (
        None
        if request.rust.package is not None or is_musl(request.target)
        else rust_package(request.target.row)
    )
    ways = [] if request.rust.rustup is not None else [f"rustup target add {request.name}"]
    ways += [f"apt-get install cargo rustc, whose {package} xxpy fetches"] if package else []
    return f"fix: {'   or   '.join(ways)}" if ways else ""


def _by_rustup(request: Request, table: Table) -> Library | None:
    """Add the target with rustup."""
    rust = request.rust
    if rust.rustup is None or _tier(request.target) not in RUSTUP_TIERS:
        return None
    toolchain_name = rust.sysroot.name
    if request.shown:
        return Library(
            None,
            sysroot.wanted(request.spec, request.target, table),
            f"rustup target add {request.name}, during a build",
        )
    programs.output(
        [rust.rustup, "target", "add", "--toolchain", toolchain_name, request.name],
        environment=request.environment,
    )
    if not rust.has(request.name):
        raise ToolError(
            f"rustup target add {request.name} left no standard library in {rust.sysroot}"
        )
    found = sysroot.wanted(request.spec, request.target, table)
    return Library(
        None, found, "rustup", f"rustup has added the target {request.name} to {toolchain_name}"
    )


def _by_debian(request: Request, table: Table) -> Library | None:
    """Unpack Debian's package of exactly rustc's version, with the target's C libraries."""
    rust, row = request.rust, request.target.row
    package = rust_package(row)
    if rust.package is None or package is None or (row.triple.libc and is_musl(request.target)):
        return None
    name, foreign, _ = package.partition(":")
    release = f"debian:{facts.release().codename}"
    spec = request.spec if isinstance(request.spec, Spec) else None
    updates = spec is None or spec.updates
    packages = (*(spec.packages if spec is not None else ()), f"{name}={rust.package}")
    if foreign:
        found = sysroot.ensure(Spec(release, packages, updates), request.target, table)
        named = (
            sysroot.wanted(request.spec, request.target, table)
            if isinstance(request.spec, Added)
            else found
        )
        return Library(found.path / "usr", named, f"{package} {rust.package}")
    found = sysroot.ensure(Spec(release, packages, updates), request.build, table)
    return Library(found.path / "usr", None, f"{package} {rust.package}")
