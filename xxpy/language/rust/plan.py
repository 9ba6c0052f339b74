"""Cargo packages and workspaces: one ``cargo build`` a platform makes every program.

cargo tells in its messages what it has made (``--message-format=json``), so nothing is guessed from folders. Build scripts and procedural
macros stay on this machine: what is set for C compilers and pkg-config carries the name of the target. The folder for object files lies in
the cache and is the same for all platforms, so what runs here is compiled once.

The same source gives the same bytes in any folder: paths of the project, of cargo's home and of the folder for object files are mapped
away (``--remap-path-prefix``, ``-ffile-prefix-map``).
"""

from __future__ import annotations

import json
import os
import shlex
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy import bounds, kit
from xxpy.build.plan import Plan, Step
from xxpy.compiler.compiler import Wanted, header_folders, read_libc
from xxpy.errors import ProjectError, ToolError, UsageError, XxpyError
from xxpy.kit import emulation, model
from xxpy.language.attempt import attempt
from xxpy.language.c import common
from xxpy.language.rust import library as rust_library
from xxpy.language.rust import toolchain
from xxpy.language.rust.project import MARKER
from xxpy.language.texts import MOST
from xxpy.machine import facts, programs, resources
from xxpy.table.target import QUERIES, cargo_variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.rust.library import Library
    from xxpy.language.rust.toolchain import Rust
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target


_INSTALLING: Final = threading.Lock()
"""Held while rustup adds a target: it does one thing at a time."""

_OURS: Final = ("--target", "--message-format", "--target-dir", "--artifact-dir", "--out-dir", "--manifest-path")
"""Options of cargo build that xxpy sets itself, or whose place is the folder that is built."""

_PROFILES: Final = ("--release", "-r", "--profile")
_SELECTIONS: Final = ("-p", "--package", "--workspace", "--all", "--bin", "--bins", "--example", "--examples")
_LIBRARIES: Final = {"cdylib", "staticlib"}
_LOCKS: Final = ("--locked", "--offline", "--frozen")


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan: every program of the package or workspace, for every platform.

    :raises ToolError: no Rust
    :raises ProjectError: there is no program, or cargo cannot read the project
    :raises UsageError: the arguments say what xxpy says itself
    """
    words = [argument.partition("=")[0] for argument in options.arguments]
    for word in words:
        if word in _OURS:
            raise UsageError(
                f"{word} among the arguments of cargo build", "platforms are named with --platform, folders with --output and DIR"
            )
    rust = toolchain.find(folder, options.environment)
    _check_programs(folder, rust, options, words)
    options = common.with_one_compiler(options, table, cxx=False)
    made, refused = attempt(options.platforms, lambda platform: _context(platform, rust, folder, options, table))
    contexts = tuple(made.values())
    if contexts and not options.shown:
        _fetch(folder, rust, options)
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
        steps=tuple(_step(context, words, options) for context in contexts),
        named=options.named,
        refused=refused,
        notes=tuple(context.library.note for context in contexts if context.library.note),
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """All that is known of the build for one platform.

    :param name: the target, as Rust names it
    :param kit: the C compiler and what belongs to it, or None where Rust brings the linker
    :param emulator: the command that runs programs of the target here, or None; empty where they run as they are
    """

    platform: Platform
    target: Target
    name: str
    rust: Rust
    library: Library
    kit: Kit | None
    emulator: tuple[str, ...] | None
    folder: Path
    objects: Path

    def explanation(self) -> Iterator[str]:
        """Yield why it is built like this, for people."""
        yield f"{self.platform} → {self.name}: standard library from {self.library.origin}"
        yield from () if self.kit is None else self.kit.lines[1:]


def _context(platform: Platform, rust: Rust, folder: Path, options: Options, table: Table) -> _Context:
    libc, floor = (None, None) if options.libc is None else read_libc(options.libc)
    target = model.target(table, platform, libc, options.environment)
    build = model.target(table, facts.platform(table.words), None, options.environment)
    name = QUERIES["rust-target"].value(target)
    reason = rust.why_not(target.row, name, target.libc)
    if reason is not None or name is None:
        raise reason or ToolError(f"Rust has no target for {platform}")
    _check_emulator(target, name, options)
    wish = rust_library.Wish(rust, name, target, build, options.sysroots.get(platform), options.environment, options.shown)
    with _INSTALLING:
        library = rust_library.ensure(wish, table, build_std=_builds_std(options.arguments))
    wanted = Wanted(target, floor, library.libraries, sdk=options.sdk, ndk=options.ndk, cxx=False, static=options.static)
    own_linker = target.row.rust is not None and target.row.rust.own_linker
    made = None if own_linker else _kit(wanted, options)
    emulator = emulation.find(wanted, options.environment) if made is None else made.emulator
    if made is not None and emulator is None and options.run_tests and not options.environment.get(cargo_variable(name, "RUNNER")):
        raise emulation.refusal(target, made.unseen)
    return _Context(platform, target, name, rust, library, made, emulator, folder, _objects(folder, options))


def _kit(wanted: Wanted, options: Options) -> Kit:
    """Return the kit for a target.

    :raises ToolError: no C compiler here can build for it
    """
    return kit.make(wanted, options.environment, options.cc, None if options.shown else options.tell, options.first)


def _check_emulator(target: Target, name: str, options: Options) -> None:
    """Refuse to run tests where nothing runs them, before anything is fetched.

    :raises ToolError: programs of the target run neither here nor under an emulator, and the user has named no runner
    """
    runner = cargo_variable(name, "RUNNER")
    if not options.run_tests or options.environment.get(runner) or emulation.find(Wanted(target), options.environment) is not None:
        return
    raise ToolError(
        f"nothing on this machine runs the tests for {target.platform}",
        f"two ways: {way}   or   set {runner}" if (way := emulation.ways(target)) else f"one way: set {runner}",
    )


def _objects(folder: Path, options: Options) -> Path:
    """Return the folder for object files: the user's, or one in the cache."""
    own = options.environment.get("CARGO_TARGET_DIR")
    if own:
        return (folder / own).resolve()
    return resources.cache_folder(f"cargo/{resources.name_of(folder)}")


def _builds_std(arguments: tuple[str, ...]) -> bool:
    return any(word.startswith(("-Zbuild-std", "build-std")) for word in arguments)


def _step(context: _Context, words: list[str], options: Options) -> Step:
    own = options.per_platform.get(context.platform)
    arguments = (*options.arguments, *(own.arguments if own else ()))
    environment = {**options.environment, **(own.environment if own else {})}
    flags = _flags(context, options.static)
    shared = [
        *(() if any(word in _PROFILES for word in words) else ("--release",)),
        "--target",
        context.name,
        *_flag_options(context, flags, environment),
        *(word for package in options.packages for word in ("--package", package)),
        *(
            ("--workspace",)
            if not options.packages and not any(word in _SELECTIONS for word in words) and _is_whole(context.folder)
            else ()
        ),
        *arguments,
    ]
    commands = [(context.rust.cargo, "build", "--message-format=json-render-diagnostics", *shared)]
    if options.run_tests:
        commands.append((context.rust.cargo, "test", *_runner(context, environment), *shared))
    variables = {
        **_variables(context, environment),
        **({"CARGO_ENCODED_RUSTFLAGS": "\x1f".join([*_users_flags(environment), *flags])} if _users_flags(environment) else {}),
        **(own.environment if own else {}),
    }
    messages = "cargo --lib" if "--lib" in words else "cargo"
    advice = "" if context.kit is None else common.advice(context.kit)
    return Step(context.platform, tuple(commands), variables, messages=messages, installed=True, advice=advice)


def _runner(context: _Context, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the configuration by which cargo runs tests under the emulator, unless they run as they are or the user has a runner."""
    if not context.emulator or environment.get(cargo_variable(context.name, "RUNNER")):
        return ()
    return ("--config", f"target.{context.name}.runner={json.dumps(context.emulator, ensure_ascii=False)}")


def _flags(context: _Context, static: bool) -> list[str]:
    """Return the flags of rustc for the target."""
    row = context.target.row
    sysroot = context.library.sysroot
    return [
        *(["--sysroot", str(sysroot)] if sysroot is not None else []),
        *(f"--remap-path-prefix={path}={name}" for path, name in _mapped(context)),
        *(["-C", f"target-cpu={row.rust.cpu}"] if row.rust is not None and row.rust.cpu else []),
        *(["-C", "target-feature=+crt-static"] if static and row.triple.libc else []),
    ]


def _mapped(context: _Context) -> list[tuple[str, str]]:
    """Return what stands for folders of this machine, the innermost last, which wins."""
    home = os.environ.get("CARGO_HOME") or str(Path.home() / ".cargo")
    return [(home, "/cargo"), (str(context.folder), "."), (str(context.objects), "/objects")]


def _users_flags(environment: Mapping[str, str]) -> list[str]:
    """Return the flags that a user has set for all targets; cargo takes no others then, so ours are laid beside them."""
    encoded = environment.get("CARGO_ENCODED_RUSTFLAGS")
    return encoded.split("\x1f") if encoded else environment.get("RUSTFLAGS", "").split()


def _flag_options(context: _Context, flags: list[str], environment: Mapping[str, str]) -> list[str]:
    """Return the flags as configuration of cargo, which lays them beside those of the user's files."""
    if _users_flags(environment):
        return []
    return ["--config", f"target.{context.name}.rustflags={json.dumps(flags, ensure_ascii=False)}"]


def _variables(context: _Context, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what cargo, rustc and crates with C in them read, each under the name of the target; what the user has set is kept."""
    small = context.name.replace("-", "_").replace(".", "_")
    variables = {"CARGO_TARGET_DIR": str(context.objects)}
    made = context.kit
    if made is None:
        return variables
    maps = " ".join(f"-ffile-prefix-map={path}={name}" for path, name in _mapped(context))
    found = {
        cargo_variable(context.name, "LINKER"): _command(made, "CC"),
        f"CC_{small}": _command(made, "CC"),
        f"CXX_{small}": _command(made, "CXX"),
        f"AR_{small}": _command(made, "AR"),
        f"RANLIB_{small}": _command(made, "RANLIB"),
        f"CFLAGS_{small}": f"{maps} {environment.get('TARGET_CFLAGS') or environment.get('CFLAGS', '')}".strip(),
        f"CXXFLAGS_{small}": f"{maps} {environment.get('TARGET_CXXFLAGS') or environment.get('CXXFLAGS', '')}".strip(),
        f"CMAKE_TOOLCHAIN_FILE_{small}": str(made.folder / "toolchain.cmake"),
        f"PKG_CONFIG_{small}": _command(made, "PKG_CONFIG"),
        f"PKG_CONFIG_ALLOW_CROSS_{small}": "1",
        f"BINDGEN_EXTRA_CLANG_ARGS_{small}": shlex.join(_bindgen(context, made, environment)),
        "HOST_CC": made.environment.get("CC_FOR_BUILD"),
        "HOST_CXX": made.environment.get("CXX_FOR_BUILD"),
    }
    return variables | {name: value for name, value in found.items() if value and not environment.get(name)}


def _command(made: Kit, name: str) -> str | None:
    return str(made.binaries / made.environment[name]) if name in made.environment else None


def _bindgen(context: _Context, made: Kit, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what libclang needs to read the target's headers: those of the sysroot, or of a compiler that brings its own libc."""
    target = QUERIES["clang-target"].value(context.target)
    if target is not None:
        yield f"--target={target}"
    if context.library.libraries is not None and made.tools.base is None:
        yield f"--sysroot={context.library.libraries.path}"
    elif made.tools.base is not None:
        yield f"--sysroot={made.root}"
        yield from made.tools.base.definitions
    elif made.tools.own_libraries:
        yield "-nostdlibinc"
        for folder in header_folders(made.tools, environment):
            yield from ("-isystem", folder)


def _document(folder: Path) -> dict[str, Any]:
    """Return the manifest of the project.

    :raises ProjectError: it cannot be read
    """
    path = folder / MARKER
    try:
        return bounds.from_toml(bounds.text(path, MOST))
    except (OSError, bounds.Refused) as error:
        raise ProjectError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _is_whole(folder: Path) -> bool:
    """Whether all members of a workspace are built: it does not choose some itself."""
    workspace = _document(folder).get("workspace")
    return workspace is not None and "default-members" not in workspace


def _check_programs(folder: Path, rust: Rust, options: Options, words: list[str]) -> None:
    """Refuse a project without a program, unless its libraries are asked for.

    :raises ProjectError: there is none, or cargo cannot read the project
    """
    _document(folder)
    command = [rust.cargo, "metadata", "--no-deps", "--format-version=1", "--manifest-path", str(folder / MARKER)]
    try:
        found = json.loads(programs.output(command, environment=options.environment, folder=str(folder)))
    except ToolError as error:
        raise ProjectError(f"cargo cannot read {folder / MARKER}", error.hint) from error
    chosen = [package for package in found["packages"] if not options.packages or package["name"] in options.packages]
    kinds = {kind for package in chosen for target in package["targets"] for kind in target["crate_types" if "--lib" in words else "kind"]}
    wanted = _LIBRARIES if "--lib" in words else {"bin", "example"} if "--examples" in words or "--example" in words else {"bin"}
    if not kinds & wanted:
        raise ProjectError(
            f"no {'library for C' if '--lib' in words else 'program'} in {folder}",
            "[lib] in Cargo.toml needs the crate-type cdylib or staticlib"
            if "--lib" in words
            else "xxpy build -- --lib builds libraries whose crate-type is cdylib or staticlib; a workspace is built with all its members",
        )


def _fetch(folder: Path, rust: Rust, options: Options) -> None:
    """Fetch all crates once, before several cargos ask for them at the same time.

    :raises ProjectError: Cargo.lock is out of date, or a crate cannot be had
    """
    command = [rust.cargo, "fetch", *(word for word in options.arguments if word in _LOCKS)]
    try:
        programs.output(command, environment=options.environment, folder=str(folder))
    except XxpyError as error:
        message = (
            "Cargo.lock is out of date"
            if "--locked was passed" in error.hint or "--frozen" in error.hint
            else "cargo cannot fetch the crates"
        )
        hint = "cargo update --workspace brings it up to date\n" if message.startswith("Cargo.lock") else ""
        raise ProjectError(f"{message} in {folder}", hint + error.hint) from error
