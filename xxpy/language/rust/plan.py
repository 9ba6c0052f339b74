"""Cargo packages and workspaces: one ``cargo build`` per platform builds every program.

cargo's messages say what it has built (``--message-format=json``), so nothing is guessed from
folders. Build scripts and procedural macros run on this machine, so variables for C compilers and
pkg-config have the name of the target in theirs. The folder for object files is in the cache and
the same for all platforms, so that what runs on this machine is compiled once.

The same source gives the same bytes in any folder: paths of the project, of cargo's home and of the
folder for object files are mapped away (``--remap-path-prefix``, ``-ffile-prefix-map``).
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from xxpy import kit
from xxpy.compiler import zig
from xxpy.compiler.compiler import Wanted
from xxpy.compiler.registry import AUTO
from xxpy.errors import ToolError, UsageError
from xxpy.kit import emulation, model
from xxpy.language.bases import attempt_kits
from xxpy.language.c import common
from xxpy.language.rust import library as rust_library
from xxpy.language.rust import toolchain
from xxpy.language.rust.inspection import check_programs, fetch
from xxpy.language.rust.step import Context, builds_std, step
from xxpy.machine import facts, resources
from xxpy.runner.plan import Plan
from xxpy.table import libc as c_library
from xxpy.table.names import cargo_variable
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.rust.toolchain import Rust
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target


_INSTALLING: Final = threading.Lock()
"""Held while rustup adds a target, because it does one thing at a time."""

_OURS: Final = (
    "--target",
    "--message-format",
    "--target-dir",
    "--artifact-dir",
    "--out-dir",
    "--manifest-path",
)
"""Options of cargo build that xxpy sets itself."""


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan: every program of the package or workspace, for every platform.

    :raises ToolError: Rust is missing
    :raises ProjectError: there is no program, or cargo cannot read the project
    :raises UsageError: an argument is one that xxpy sets itself
    """
    words = [argument.partition("=")[0] for argument in options.arguments]
    for word in words:
        if word in _OURS:
            raise UsageError(
                f"{word} among the arguments of cargo build",
                "name platforms with --platform, folders with --output and DIR",
            )
    rust = toolchain.find(folder, options.environment)
    check_programs(folder, rust, options, words)
    options = common.with_one_compiler(options, table, cxx=False)
    made, refused = attempt_kits(
        options, lambda platform, given: _context(platform, rust, folder, given, table)
    )
    contexts = tuple(made.values())
    if contexts and not options.shown:
        fetch(folder, rust, options)
    return Plan(
        name=folder.name,
        language="rust",
        tool=f"rustc {rust.version}",
        explanation=(
            f"rustc {rust.version} chosen: {rust.rustc}, from {rust.origin}",
            *(line for context in contexts for line in context.explanation()),
        ),
        folder=folder,
        output=options.output,
        steps=tuple(step(context, words, options) for context in contexts),
        named=options.named,
        refused=refused,
        notes=tuple(context.library.note for context in contexts if context.library.note),
    )


def _context(
    platform: Platform, rust: Rust, folder: Path, options: Options, table: Table
) -> Context:
    """Return everything for the build for one platform.

    :raises XxpyError: the platform cannot be built
    """
    libc, floor = (None, None) if options.libc is None else c_library.read(options.libc)
    target = model.target(table, platform, libc, options.environment)
    build = model.target(table, facts.platform(table.words), None, options.environment)
    name = QUERIES["rust-target"].value(target)
    reason = rust.why_not(target.row, name, target.libc)
    if reason is not None or name is None:
        raise reason or ToolError(f"Rust has no target for {platform}")
    _check_emulator(target, name, options)
    request = rust_library.Request(
        rust,
        name,
        target,
        build,
        options.sysroots.get(platform),
        options.environment,
        options.shown,
    )
    with _INSTALLING:
        library = rust_library.ensure(request, table, build_std=builds_std(options.arguments))
    wanted = Wanted(
        target,
        floor,
        library.libraries,
        sdk=options.sdk,
        ndk=options.ndk,
        cxx=False,
        static=options.static,
    )
    own_linker = target.row.rust is not None and target.row.rust.own_linker
    made = None if own_linker else _kit(wanted, options)
    emulator = _emulator(wanted, made, name, options)
    return Context(
        platform, target, name, rust, library, made, emulator, folder, _objects(folder, options)
    )


def _emulator(
    wanted: Wanted, made: Kit | None, name: str, options: Options
) -> tuple[str, ...] | None:
    """Return the command that runs programs of the target, if there is one.

    :raises ToolError: the tests need it, and there is none
    """
    if made is None:
        return emulation.find(wanted, options.environment)
    runs = options.environment.get(cargo_variable(name, "RUNNER"))
    if made.emulator is None and options.run_tests and not runs:
        raise emulation.refusal(wanted.target, made.unseen)
    return made.emulator


def _kit(wanted: Wanted, options: Options) -> Kit:
    """Return the kit for a target.

    :raises ToolError: no C compiler on this machine can build for it
    """
    return kit.make(
        wanted,
        options.environment,
        _family(wanted, options),
        None if options.shown else options.tell,
        options.first,
        waits=options.waits,
    )


def _family(wanted: Wanted, options: Options) -> str:
    """Return the C compiler; another target of Rust than the platform's own has LLVM's runtime."""
    another = wanted.target.platform in options.rust
    return zig.NAME if another and options.cc == AUTO else options.cc


def _check_emulator(target: Target, name: str, options: Options) -> None:
    """Refuse tests that nothing can run, before anything is fetched.

    :raises ToolError: programs of the target run neither natively nor under an emulator, and the
        user has named no runner
    """
    runner = cargo_variable(name, "RUNNER")
    if (
        not options.run_tests
        or options.environment.get(runner)
        or emulation.find(Wanted(target), options.environment) is not None
    ):
        return
    raise ToolError(
        f"nothing on this machine runs the tests for {target.platform}",
        f"two ways: {way}   or   set {runner}"
        if (way := emulation.remedy(target))
        else f"one way: set {runner}",
    )


def _objects(folder: Path, options: Options) -> Path:
    """Return the folder for object files: the user's, or one in the cache."""
    own = options.environment.get("CARGO_TARGET_DIR")
    if own:
        return (folder / own).resolve()
    return resources.cache_folder(f"cargo/{resources.name_of(folder)}")
