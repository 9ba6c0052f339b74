"""Inspect a project with cargo before it is built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds
from xxpy.errors import ProjectError, ToolError, XxpyError
from xxpy.language.rust.project import MARKER
from xxpy.language.texts import MOST
from xxpy.machine import programs, said
from xxpy.runner import causes

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.language.options import Options
    from xxpy.language.rust.toolchain import Rust

SELECTIONS: Final = (
    "-p",
    "--package",
    "--workspace",
    "--all",
    "--bin",
    "--bins",
    "--example",
    "--examples",
)
_LOCKS: Final = ("--locked", "--offline", "--frozen")


def _document(folder: Path) -> dict[str, Any]:
    """Return the manifest of the project.

    :raises ProjectError: it cannot be read
    """
    path = folder / MARKER
    try:
        return bounds.from_toml(bounds.text(path, MOST))
    except (OSError, bounds.Refused) as error:
        raise ProjectError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from error


def is_whole(folder: Path) -> bool:
    """Whether all members of a workspace are built, because it has no default members."""
    workspace = _document(folder).get("workspace")
    return workspace is not None and "default-members" not in workspace


def check_programs(folder: Path, rust: Rust, options: Options, words: list[str]) -> None:
    """Refuse a project without a program, unless its libraries are asked for.

    :raises ProjectError: there is none, or cargo cannot read the project
    """
    _document(folder)
    kinds = {
        kind
        for package in _packages(folder, rust, options)
        if not options.packages or package["name"] in options.packages
        for target in package["targets"]
        for kind in target["crate_types" if "--lib" in words else "kind"]
    }
    wanted = (
        LIBRARIES
        if "--lib" in words
        else {"bin", "example"}
        if "--examples" in words or "--example" in words
        else {"bin"}
    )
    if not kinds & wanted:
        raise ProjectError(
            f"no {'library for C' if '--lib' in words else 'program'} in {folder}",
            "[lib] in Cargo.toml needs the crate-type cdylib or staticlib"
            if "--lib" in words
            else "xxpy build -- --lib builds libraries whose crate-type is cdylib or staticlib;"
            " a workspace is built with all its members",
        )


def _packages(folder: Path, rust: Rust, options: Options) -> list[dict[str, Any]]:
    """Return what ``cargo metadata`` says about the packages of the project.

    :raises ProjectError: cargo cannot read the project
    """
    manifest = folder / MARKER
    command = [rust.cargo, "metadata", "--no-deps", "--format-version=1"]
    try:
        text = programs.output(
            [*command, "--manifest-path", str(manifest)],
            environment=options.environment,
            folder=str(folder),
        )
    except ToolError as error:
        raise _explained(f"cargo cannot read {manifest}", error, "cargo metadata") from error
    found: list[dict[str, Any]] = json.loads(text)["packages"]
    return found


def fetch(folder: Path, rust: Rust, options: Options) -> None:
    """Fetch all crates once, before several cargos ask for them at the same time.

    :raises ProjectError: Cargo.lock is out of date, or a crate cannot be fetched
    """
    command = [rust.cargo, "fetch", *(word for word in options.arguments if word in _LOCKS)]
    try:
        programs.output(command, environment=options.environment, folder=str(folder))
    except ToolError as error:
        raise _explained("cargo cannot fetch the crates", error, "cargo fetch") from error


def _explained(what: str, error: ToolError, again: str) -> XxpyError:
    """Return the error for a project that cargo refuses: the cause, and the fix if it is known.

    :param again: the command that prints everything
    """
    known = causes.search(error.said.splitlines())
    if known:
        diagnosis = known[0].diagnosis
        return ProjectError(f"{what}: {diagnosis.cause}", diagnosis.fix)
    reason = said.cause(error.said)
    return ProjectError(f"{what}: {reason}" if reason else what, f"{again} prints all of it")


LIBRARIES: Final = {"cdylib", "staticlib"}
