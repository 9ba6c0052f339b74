"""Put together a call of cargo: its arguments, flags and variables."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import header_folders
from xxpy.language.c import remarks
from xxpy.language.rust.inspection import SELECTIONS, is_whole
from xxpy.runner.plan import Objects, Step, Tests
from xxpy.table.names import cargo_variable
from xxpy.table.target import QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.rust.library import Library
    from xxpy.language.rust.toolchain import Rust
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

_PLAIN: Final = ("CC", "CXX", "AR", "RANLIB", "PKG_CONFIG")
"""Variables that build scripts of crates pass on to configure and make."""
_RAN: Final = r"^ +(?:Running|Doc-tests) \S.*\n++(?!running 0 tests)"
"""What cargo prints of a program with tests; one without a harness may print anything."""
_INSTALL_NAMES: Final = "XXPY_INSTALL_NAMES"
"""The folder of the install names of shared libraries that rustc links, for the linkers of macOS in
``templates/linkers``: rustc gives them none, and the linker takes their paths here."""
_PROFILES: Final = ("--release", "-r", "--profile")


@dataclass(frozen=True, slots=True)
class Context:
    """Everything about the build for one platform.

    :param name: Rust's name of the target
    :param kit: the C compiler with its tools, or None if Rust brings the linker
    :param emulator: the command that runs programs of the target on this machine, or None; empty if
        they need none
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
        """Yield what was chosen and why, for people."""
        yield f"{self.platform} → {self.name}: standard library from {self.library.origin}"
        yield from () if self.kit is None else self.kit.lines[1:]


def builds_std(arguments: tuple[str, ...]) -> bool:
    """Whether cargo builds the standard library itself (``-Z build-std``)."""
    return any(word.startswith(("-Zbuild-std", "build-std")) for word in arguments)


def step(context: Context, words: list[str], options: Options) -> Step:
    """Return the step for a platform: one call of cargo."""
    own = options.per_platform.get(context.platform)
    arguments = (*options.arguments, *(own.arguments if own else ()))
    environment = {**options.environment, **(own.environment if own else {})}
    flags = _flags(context, options.static)
    shared = [
        *(() if any(word in _PROFILES for word in words) else ("--release",)),
        "--target",
        context.name,
        *_flag_options(context, flags, environment),
        *_selection(context.folder, words, options),
        *arguments,
    ]
    commands = [(context.rust.cargo, "build", "--message-format=json-render-diagnostics", *shared)]
    tests = None
    if options.run_tests:
        runner = _runner(context, environment)
        tests = Tests((context.rust.cargo, "test", *runner, *shared), _RAN)
        commands.append(tests.command)
    variables = {
        **_variables(context, environment),
        **(
            {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join([*_users_flags(environment), *flags])}
            if _users_flags(environment)
            else {}
        ),
        **(own.environment if own else {}),
    }
    messages = "cargo --lib" if "--lib" in words else "cargo"
    return Step(
        context.platform,
        tuple(commands),
        variables,
        messages=messages,
        installed=True,
        advice=str if context.kit is None else partial(remarks.remedy, context.kit),
        runtime=() if context.kit is None else context.kit.runtime,
        objects=_objects(context, options),
        tests=tests,
    )


def _objects(context: Context, options: Options) -> Objects | None:
    """Return the object files of a target, unless they are in a folder of the user's."""
    if context.kit is None or options.environment.get("CARGO_TARGET_DIR"):
        return None
    folder = str(context.objects / context.name)
    return Objects(folder, context.kit.folder.name, "*/.cargo-lock")


def _selection(folder: Path, words: list[str], options: Options) -> tuple[str, ...]:
    """Return the options that select packages: those of the request, or the whole workspace."""
    if options.packages:
        return tuple(word for package in options.packages for word in ("--package", package))
    selected = any(word in SELECTIONS for word in words)
    return ("--workspace",) if not selected and is_whole(folder) else ()


def _runner(context: Context, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the option that makes cargo run tests under the emulator, if that is needed."""
    if not context.emulator or environment.get(cargo_variable(context.name, "RUNNER")):
        return ()
    return (
        "--config",
        f"target.{context.name}.runner={json.dumps(context.emulator, ensure_ascii=False)}",
    )


def _flags(context: Context, static: bool) -> list[str]:
    """Return the flags of rustc for the target."""
    row = context.target.row
    sysroot = context.library.sysroot
    return [
        *(["--sysroot", str(sysroot)] if sysroot is not None else []),
        *(f"--remap-path-prefix={path}={name}" for path, name in _mapped(context)),
        *(["-C", f"target-cpu={row.rust.cpu}"] if row.rust is not None and row.rust.cpu else []),
        *(["-C", "target-feature=+crt-static"] if static and row.triple.libc else []),
    ]


def _mapped(context: Context) -> list[tuple[str, str]]:
    """Return replacements for this machine's folders, the innermost last, because the last wins."""
    home = os.environ.get("CARGO_HOME") or str(Path.home() / ".cargo")
    return [(home, "/cargo"), (str(context.folder), "."), (str(context.objects), "/objects")]


def _users_flags(environment: Mapping[str, str]) -> list[str]:
    """Return the user's flags for all targets, beside which cargo would ignore any others."""
    encoded = environment.get("CARGO_ENCODED_RUSTFLAGS")
    return encoded.split("\x1f") if encoded else environment.get("RUSTFLAGS", "").split()


def _flag_options(context: Context, flags: list[str], environment: Mapping[str, str]) -> list[str]:
    """Return the flags as configuration, which cargo merges with that in the user's files."""
    if _users_flags(environment):
        return []
    return ["--config", f"target.{context.name}.rustflags={json.dumps(flags, ensure_ascii=False)}"]


def _variables(context: Context, environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables for cargo, rustc and crates with C, each with the target in its name.

    Those that the user has set are kept.
    """
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
        f"CFLAGS_{small}": f"{maps} {_users(environment, 'CFLAGS')}".strip(),
        f"CXXFLAGS_{small}": f"{maps} {_users(environment, 'CXXFLAGS')}".strip(),
        f"CMAKE_TOOLCHAIN_FILE_{small}": str(made.folder / "toolchain.cmake"),
        f"PKG_CONFIG_{small}": _command(made, "PKG_CONFIG"),
        f"PKG_CONFIG_ALLOW_CROSS_{small}": "1",
        f"BINDGEN_EXTRA_CLANG_ARGS_{small}": shlex.join(_bindgen(context, made, environment)),
        **dict(_plain(made)),
        _INSTALL_NAMES: "@rpath" if context.target.row.file.format == "macho" else None,
    }
    return variables | {
        name: value for name, value in found.items() if value and not environment.get(name)
    }


def _plain(made: Kit) -> Iterator[tuple[str, str]]:
    """Yield variables for build scripts that run configure or make themselves.

    The plain names have the target's tools, and ``HOST_CC`` and the like have this machine's, which
    cc, cmake and pkg-config prefer for this machine. A tool that this machine lacks has no plain
    name either.
    """
    for name in _PLAIN:
        host, target = made.environment.get(f"HOST_{name}"), _command(made, name)
        if host is not None and target is not None:
            yield f"HOST_{name}", host
            yield name, target


def _users(environment: Mapping[str, str], name: str) -> str:
    """Return the user's flags for the target, or else for every compiler."""
    return environment.get(f"TARGET_{name}") or environment.get(name, "")


def _command(made: Kit, name: str) -> str | None:
    return str(made.binaries / made.environment[name]) if name in made.environment else None


def _bindgen(context: Context, made: Kit, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield libclang's arguments for the target's headers: the sysroot's, or the compiler's."""
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
