"""One call of cargo: its arguments, flags and variables."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import header_folders
from xxpy.language.c import remarks
from xxpy.language.rust.inspection import SELECTIONS, is_whole
from xxpy.runner.plan import Step
from xxpy.table.target import QUERIES, cargo_variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.rust.library import Library
    from xxpy.language.rust.toolchain import Rust
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

_PROFILES: Final = ("--release", "-r", "--profile")


@dataclass(frozen=True, slots=True)
class Context:
    """All that is known of the build for one platform.

    :param name: the target, as Rust names it
    :param kit: the C compiler and what belongs to it, or None where Rust brings the linker
    :param emulator: the command that runs programs of the target here, or None; empty where they
        run as they are
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


def builds_std(arguments: tuple[str, ...]) -> bool:
    """Whether cargo builds the standard library itself (``-Z build-std``)."""
    return any(word.startswith(("-Zbuild-std", "build-std")) for word in arguments)


def step(context: Context, words: list[str], options: Options) -> Step:
    """Return the step of a platform: one call of cargo."""
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
            if not options.packages
            and not any(word in SELECTIONS for word in words)
            and is_whole(context.folder)
            else ()
        ),
        *arguments,
    ]
    commands = [(context.rust.cargo, "build", "--message-format=json-render-diagnostics", *shared)]
    if options.run_tests:
        commands.append((context.rust.cargo, "test", *_runner(context, environment), *shared))
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
    advice = "" if context.kit is None else remarks.advice(context.kit)
    return Step(
        context.platform,
        tuple(commands),
        variables,
        messages=messages,
        installed=True,
        advice=advice,
    )


def _runner(context: Context, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the configuration by which cargo runs tests under the emulator, unless they run as they are or the user has a runner."""
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
    """Return what stands for folders of this machine, the innermost last, which wins."""
    home = os.environ.get("CARGO_HOME") or str(Path.home() / ".cargo")
    return [(home, "/cargo"), (str(context.folder), "."), (str(context.objects), "/objects")]


def _users_flags(environment: Mapping[str, str]) -> list[str]:
    """Return the flags that a user has set for all targets; cargo takes no others then, so ours are laid beside them."""
    encoded = environment.get("CARGO_ENCODED_RUSTFLAGS")
    return encoded.split("\x1f") if encoded else environment.get("RUSTFLAGS", "").split()


def _flag_options(context: Context, flags: list[str], environment: Mapping[str, str]) -> list[str]:
    """Return the flags as configuration of cargo, which lays them beside those of the user's files."""
    if _users_flags(environment):
        return []
    return ["--config", f"target.{context.name}.rustflags={json.dumps(flags, ensure_ascii=False)}"]


def _variables(context: Context, environment: Mapping[str, str]) -> dict[str, str]:
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
    return variables | {
        name: value for name, value in found.items() if value and not environment.get(name)
    }


def _command(made: Kit, name: str) -> str | None:
    return str(made.binaries / made.environment[name]) if name in made.environment else None


def _bindgen(context: Context, made: Kit, environment: Mapping[str, str]) -> Iterator[str]:
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
