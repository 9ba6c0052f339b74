"""Rust: rustc and cargo from PATH, and where the standard library of a target can come from.

A standard library fits only the rustc of exactly the same version. Its possible sources, best
first:

==========  ======================================================================================
its own     it is already in the sysroot of rustc (``rustc --print sysroot``)
sysroot     a sysroot that the user has added or imported, with ``usr/lib/rustlib/TARGET`` of this
            version
rustup      ``rustup target add``, for targets of tiers 1 and 2
Debian      ``libstd-rust-dev`` of the other architecture, in the version of the rustc that Debian
            installed
==========  ======================================================================================

Targets of tier 3 are built with their standard library: ``-- -Z build-std``, with a nightly rustc
and its source.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import bounds, versions
from xxpy.errors import ToolError
from xxpy.machine import advice, programs, temporary, trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.table.columns import Row

TOOLCHAIN_FILES: Final = ("rust-toolchain", "rust-toolchain.toml")
"""The files in which a project asks for a version of Rust; only rustup reads them."""

_MOST: Final = 1 << 16
"""Bytes of such a file at most."""

_CHANNEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TOOLCHAIN: Final = "RUSTUP_TOOLCHAIN"
LIBRARIES: Final = "lib/rustlib"
"""The folder with the targets, below the sysroot of rustc."""


@dataclass(frozen=True, slots=True)
class Rust:
    """One installation of Rust.

    :param cargo: the absolute path of ``cargo``
    :param rustc: the absolute path of ``rustc``
    :param version: the release, such as ``1.63.0``
    :param host: the target of this machine
    :param sysroot: where rustc looks for standard libraries
    :param rustup: the absolute path of ``rustup`` where it runs this Rust, or None
    :param package: the version of the Debian package that this rustc comes from, such as
        ``1.63.0+dfsg1-2``, or None
    """

    cargo: str
    rustc: str
    version: str
    host: str
    sysroot: Path
    rustup: str | None
    package: str | None

    @property
    def origin(self) -> str:
        """Where it was found, for people."""
        if self.rustup is not None:
            return "rustup"
        return "PATH" if self.package is None else f"Debian's package {self.package}"

    def has(self, target: str) -> bool:
        """Whether its sysroot has the standard library of a target."""
        return has_library(self.sysroot, target)

    def why_not(self, row: Row, target: str | None, libc: str) -> ToolError | None:
        """Return why this Rust cannot build for a platform, or None.

        :param target: Rust's name of the target, or None
        :param libc: the libc asked for, for people
        """
        platform = row.platform
        if row.rust is None or target is None:
            if row.rust is not None and row.rust.msvc is not None:
                return ToolError(
                    f"Rust builds for {platform} only as {row.rust.msvc}, with Microsoft's linker",
                    "build it on Windows: xxpy links with mingw-w64, zig or clang",
                )
            return ToolError(
                f"Rust has no target for {platform} with {libc}",
                "xxpy info rust-target prints Rust's name for a platform",
            )
        since = row.rust.since
        if since is not None and _older(self.version, since):
            return ToolError(
                f"rustc {self.version} is too old for {platform}:"
                f" {target} was added in Rust {since}",
                "install a newer Rust: https://rustup.rs",
            )
        return None


def has_library(sysroot: Path, target: str) -> bool:
    """Whether the sysroot of a rustc has the standard library of a target."""
    return any((sysroot / LIBRARIES / target / "lib").glob("libstd-*"))


def _older(version: str, since: str) -> bool:
    """Whether a version is older; a nightly without a number has every target."""
    found = versions.parse(version)
    return found is not None and found < versions.dotted(since)


def find(folder: Path, environment: Mapping[str, str]) -> Rust:
    """Return the Rust that builds in *folder*, where a file may select another version.

    :raises ToolError: Rust is missing or fails, or the project asks for another version
    """
    tools = {name: programs.which(name, environment) for name in ("cargo", "rustc")}
    for name, program in tools.items():
        if program is None:
            raise ToolError(f"{name}: not found on PATH", f"install it: {advice.install('cargo')}")
    cargo, rustc = str(tools["cargo"]), str(tools["rustc"])
    environment = _chosen(folder, environment) if trust.is_reading() else environment
    facts, sysroot = _told(rustc, folder, environment)
    rustup = programs.which("rustup", environment)
    managed = (
        rustup is not None
        and Path(rustup).parent == Path(rustc).parent
        and sysroot.parent.name == "toolchains"
    )
    found = Rust(
        cargo,
        rustc,
        facts["release"],
        facts["host"],
        sysroot,
        rustup if managed else None,
        _package(rustc, sysroot),
    )
    if not managed and _TOOLCHAIN not in environment:
        _compare(folder, found)
    return found


def _told(rustc: str, folder: Path, environment: Mapping[str, str]) -> tuple[dict[str, str], Path]:
    """Return what ``rustc -vV`` prints, by its names, and the sysroot.

    :raises ToolError: it fails, or the project asks for a version that is missing
    """
    place = str(folder)
    try:
        said = programs.output([rustc, "-vV"], environment=environment, folder=place)
        sysroot = programs.output(
            [rustc, "--print", "sysroot"], environment=environment, folder=place
        )
    except ToolError as error:
        asked = _asked(folder)
        if asked is None:
            raise
        raise _missing(asked) from error
    return dict(line.split(": ", 1) for line in said.splitlines()[1:]), Path(sysroot.strip())


def _package(rustc: str, sysroot: Path) -> str | None:
    """Return the version of the Debian package that a rustc comes from, or None."""
    query = programs.which("dpkg-query")
    if query is None or sysroot != Path("/usr"):
        return None
    try:
        return programs.output(
            [
                query,
                "--show",
                "--showformat",
                "${Version}",
                programs.output([query, "--search", rustc]).split(":")[0],
            ]
        )
    except ToolError:
        return None


def _asked(folder: Path) -> tuple[str, str] | None:
    """Return the file in which a project asks for a version of Rust, and the version."""
    for place in (folder, *folder.parents):
        for name in TOOLCHAIN_FILES:
            path = place / name
            try:
                text = bounds.text(path, _MOST)
            except (OSError, bounds.Refused):
                continue
            channel = _channel(text)
            return (name, channel) if channel else None
    return None


def _chosen(folder: Path, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return an environment in which rustup runs the version that the project asks for.

    If that version is not installed, rustup would fetch it.

    :raises ToolError: it is not installed, or is a folder that the project names
    """
    asked, rustup = _asked(folder), programs.which("rustup", environment)
    if asked is None or rustup is None or environment.get(_TOOLCHAIN):
        return environment
    if not _CHANNEL.fullmatch(asked[1]):
        raise ToolError(
            f"{asked[0]} asks for the Rust in {asked[1]!r}: commands that only read do not run it,"
            " so what it can build is unknown",
            "RUSTUP_TOOLCHAIN=stable selects this machine's own",
            unknown=True,
        )
    listed = programs.output([rustup, "toolchain", "list"], environment=environment).splitlines()
    if not any(
        line.split(" ")[0] == asked[1] or line.startswith(f"{asked[1]}-") for line in listed
    ):
        raise _missing(asked)
    return {**environment, _TOOLCHAIN: asked[1]}


def _missing(asked: tuple[str, str]) -> ToolError:
    return ToolError(
        f"{asked[0]} asks for Rust {asked[1]}, which is not installed",
        f"rustup toolchain install {asked[1]}   or   RUSTUP_TOOLCHAIN=stable xxpy build",
    )


def _channel(text: str) -> str:
    """Return what a toolchain file asks for: a channel, the path of a folder, or ""."""
    try:
        section = bounds.from_toml(text).get("toolchain")
    except bounds.Refused:
        return text.strip() if _CHANNEL.fullmatch(text.strip()) else ""
    if not isinstance(section, dict):
        return ""
    return next(
        (value for key in ("channel", "path") if isinstance(value := section.get(key), str)), ""
    )


def _compare(folder: Path, rust: Rust) -> None:
    """Refuse a Rust of another version than the project asks for; without rustup, nobody else does.

    :raises ToolError: the project asks for a numbered version, and this is another one
    """
    asked = _asked(folder)
    if asked is None:
        return
    wanted, own = versions.parse(asked[1]), versions.parse(rust.version)
    if wanted is None or own is None:
        return  # stable, nightly: a channel
    if own.release[: len(wanted.release)] != wanted.release:
        raise ToolError(
            f"{asked[0]} asks for Rust {asked[1]}, and {rust.rustc} is {rust.version}",
            "install that version with https://rustup.rs"
            "   or   RUSTUP_TOOLCHAIN=any xxpy build, to use this one",
        )


def fits(rust: Rust, sysroot: Path, target: str) -> bool:
    """Whether rustc can use a target's standard library in a sysroot: versions must match."""
    with temporary.folder() as place:
        folder = str(place)
        source = place / "try.rs"
        source.write_text("pub fn answer() -> u32 { 42 }\n")
        command = [
            rust.rustc,
            "--sysroot",
            str(sysroot),
            "--target",
            target,
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "--out-dir",
            folder,
        ]
        try:
            programs.output([*command, str(source)], environment=dict(os.environ), folder=folder)
        except ToolError:
            return False
    return True
