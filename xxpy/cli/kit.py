"""``xxpy kit``: the folders with everything that builds for one platform."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import click

from xxpy.cli import common, printing
from xxpy.cli.request import request_options
from xxpy.errors import UsageError
from xxpy.kit import store
from xxpy.kit.uses import uses

if TYPE_CHECKING:
    from xxpy.cli.request import Request


@click.group(
    epilog="""\b
Examples:
  xxpy kit show --platform linux/arm64
  cmake --toolchain "$(xxpy kit path --platform linux/arm64)/toolchain.cmake" -B build
  conan install . --profile:host "$(xxpy kit path --platform linux/arm64)/conan.profile"
  xxpy kit remove --all"""
)
def command() -> None:
    """Manage kits.

    A kit is a folder for one platform: the compiler under every name that build tools know, a
    pkg-config that only sees the platform's files, and the files that CMake, Meson, cargo, Go, sh,
    Conan, vcpkg and Bazel read. Kits are in the user's cache, and are created when they are needed.
    """


@command.command("show")
@request_options
@common.json_option
def show(request: Request, *, as_json: bool) -> None:
    """Show what is in a kit, why, and how build tools use it."""
    made = request.kit()
    if as_json:
        record = next(
            record
            for record in store.kits(made.target.platform)
            if record["folder"] == str(made.folder)
        )
        printing.print_json({**record, "uses": [use._asdict() for use in uses(made)]})
        return
    for line in made.lines:
        printing.show(line)
    printing.show(f"  {'sysroot':<13} {made.sysroot or 'none'}")
    nothing = f"none: {made.unseen}" if made.unseen else "none"
    emulator = nothing if made.emulator is None else " ".join(made.emulator) or "not needed"
    printing.show(f"  {'emulator':<13} {emulator}")
    printing.show(f"  {'folder':<13} {made.folder}")
    for path in sorted(made.folder.iterdir()):
        names = (
            f": {' '.join(sorted(file.name for file in path.iterdir()))}" if path.is_dir() else ""
        )
        printing.show(f"    {path.name}{names}")
    printing.show(f"use it with KIT={shlex.quote(str(made.folder))}:")
    for use in uses(made):
        printing.show(f"  {use.tool:<13} {use.line}")


@command.command("path")
@request_options
@common.json_option
def path(request: Request, *, as_json: bool) -> None:
    """Print the folder of a kit, creating the kit if needed."""
    folder = request.kit().folder
    if as_json:
        printing.print_json({"platform": str(request.platform), "folder": str(folder)})
    else:
        printing.give(folder)


@command.command("list")
@common.json_option
def list_(*, as_json: bool) -> None:
    """List the kits in the cache."""
    found = store.kits()
    if as_json:
        printing.print_json(found)
        return
    for record in found:
        compiler = record["compiler"]
        label = f"{compiler['name']} {compiler['version']}" if isinstance(compiler, dict) else ""
        printing.show(
            f"{record['platform']!s:<16}  {label:<14}  {record['libc']!s:<8}  {record['folder']}"
        )


@command.command("remove")
@common.platform_option
@click.option("--all", "everything", is_flag=True, help="Remove the kits of every platform.")
@common.json_option
def remove(platform: str | None, *, everything: bool, as_json: bool) -> None:
    """Remove the kits for a platform; they are created again when they are needed."""
    if everything == (platform is not None):
        raise UsageError("which kits?", "name a platform with --platform, or remove all with --all")
    gone = store.remove(None if platform is None else common.read_platform(platform))
    if as_json:
        printing.print_json({"removed": list(map(str, gone))})
        return
    for folder in gone:
        relative = os.path.relpath(folder)
        printing.say(f"removed {relative if len(relative) < len(folder) else folder}")
