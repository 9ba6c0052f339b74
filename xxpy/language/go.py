"""Go modules: one ``go build`` a platform makes every main package.

Go cross-compiles by itself; what is added is ``-trimpath`` (the same source gives the same bytes in any folder) and
``CGO_ENABLED``, which is off unless asked for, because with it a foreign platform needs a C compiler: that of its kit.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Final

from xxpy import host
from xxpy.errors import ProjectError, ToolError, UsageError
from xxpy.language import c
from xxpy.language.attempt import attempt
from xxpy.plan import STAGE, Plan, Step
from xxpy.target import go_environment
from xxpy.toolchain import go as toolchain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.kit import Kit
    from xxpy.language.options import Options
    from xxpy.platform import Platform
    from xxpy.rows import Row
    from xxpy.table import Table

TITLE: Final = "Go module"
_NO_FILES: Final = "build constraints exclude all Go files"
"""What go says of a package that has C in it, without cgo."""


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan: every main package, for every platform that this Go has.

    :raises ToolError: no Go
    :raises ProjectError: the module has no main package
    :raises UsageError: the arguments say where the output goes, which ``--output`` does
    """
    if any(argument.lstrip("-").partition("=")[0] == "o" for argument in options.arguments if argument.startswith("-")):
        raise UsageError("-o among the arguments of go build", "xxpy gives each platform its folder: use --output")
    go = toolchain.find(folder, options.environment)
    options = c.with_one_compiler(options, table, cxx=False) if options.cgo else options
    kits, refused = attempt(options.platforms, lambda platform: _kit(platform, go, options, table))
    packages = options.packages or tuple(argument for argument in options.arguments if argument.startswith("."))
    if not packages:
        packages = _main_packages(go, folder, options)
    flags = tuple(argument for argument in options.arguments if not argument.startswith("."))
    return Plan(
        name=folder.name,
        language="go",
        tool=f"go {go.version}",
        explanation=(
            f"go {go.version} chosen: {go.program}, from {go.origin}",
            "cgo on: asked for" if options.cgo else "cgo off: a foreign platform needs no C compiler (--cgo turns it on)",
            *(line for platform, made in kits.items() for line in _explained(table.row(platform), made)),
        ),
        folder=folder,
        output=options.output,
        steps=tuple(_step(table.row(platform), go, packages, flags, options, made) for platform, made in kits.items()),
        named=options.named,
        refused=refused,
        notes=c.first_uses(made for made in kits.values() if made is not None),
    )


def _kit(platform: Platform, go: toolchain.Go, options: Options, table: Table) -> Kit | None:
    """Return the kit that cgo needs for a platform, None without cgo.

    :raises XxpyError: Go has no port for the platform, or no C compiler can build for it
    """
    reason = go.why_not(table.row(platform))
    if reason is not None:
        raise reason
    if not options.cgo:
        return None
    try:
        return c.kit_for(platform, options, table, cxx=False)
    except ToolError as error:
        raise ToolError(f"cgo is on: {error.message}", error.hint) from error


def _explained(row: Row, kit: Kit | None) -> tuple[str, ...]:
    settings = " ".join(f"{name}={value}" for name, value in go_environment(row).items())
    return (f"{row.platform} → {settings}",) if kit is None else kit.lines


def _step(row: Row, go: toolchain.Go, packages: tuple[str, ...], flags: tuple[str, ...], options: Options, kit: Kit | None) -> Step:  # noqa: PLR0917
    own = options.per_platform.get(row.platform)
    further = (*flags, *(own.arguments if own else ()))
    trim = () if any(flag.lstrip("-").startswith("trimpath") for flag in further) else ("-trimpath",)
    link = () if kit is None else _link(kit, further, static=options.static)
    command = (go.program, "build", "-v", *trim, *link, "-o", f"{STAGE}/", *further, *packages)
    environment = {
        **go_environment(row),
        "CGO_ENABLED": "1" if options.cgo else "0",
        **({} if kit is None else _cgo(kit, options)),
        **(own.environment if own else {}),
    }
    commands = [command]
    if options.run_tests and (kit is None or kit.emulator is not None):
        emulator = () if kit is None or not kit.emulator else ("-exec", shlex.join(kit.emulator))
        commands.append((go.program, "test", *trim, *link, *emulator, *further, "./..."))
    remedies = () if options.cgo else ((_NO_FILES, "a package has C in it, or files for other platforms only: --cgo builds it with C"),)
    return Step(row.platform, tuple(commands), environment, advice="" if kit is None else c.advice(kit), remedies=remedies)


def _cgo(kit: Kit, options: Options) -> dict[str, str]:
    """Return the variables of the kit that are not the user's already."""
    user = options.environment
    found = {name: value for name, value in kit.variables(user).items() if user.get(name) != value}
    clang = kit.target.row.clang
    if kit.tools.configured and clang is not None and clang.atomics is not None and kit.target.libc.startswith("gnu"):
        found["CGO_LDFLAGS"] = f"{user.get('CGO_LDFLAGS') or '-O2 -g'} -l:{clang.atomics}"
    return found


def _link(kit: Kit, further: tuple[str, ...], *, static: bool) -> tuple[str, ...]:
    """Return the flags for the linker that cgo needs, unless the user has some.

    Go calls the machine's own ``strip`` and ``dsymutil`` on a Mach-O file that keeps its symbols, and these do not know the format.
    """
    if any(flag.lstrip("-").startswith("ldflags") for flag in further):
        return ()
    words = []
    if kit.target.row.macho is not None:
        words += ["-s", "-w"]
    if static and kit.target.row.triple.libc:
        words += ["-linkmode", "external", "-extldflags", "-static"]
    return (f"-ldflags={' '.join(words)}",) if words else ()


def _main_packages(go: toolchain.Go, folder: Path, options: Options) -> tuple[str, ...]:
    command = [go.program, "list", "-e", "-json=ImportPath,Name", "./..."]
    answer = host.output(command, environment=dict(options.environment), folder=str(folder))
    found = tuple(package["ImportPath"] for package in _documents(answer) if package.get("Name") == "main")
    if not found:
        raise ProjectError(
            f"no main package in {folder}",
            "xxpy build makes programs; name packages after --: xxpy build -- ./cmd/server",
        )
    return found


def _documents(text: str) -> Iterator[dict[str, str]]:
    """Yield the JSON documents that stand one behind the other in *text*."""
    decoder = json.JSONDecoder()
    position = 0
    text = text.strip()
    while position < len(text):
        document, end = decoder.raw_decode(text, position)
        yield document
        position = end + len(text[end:]) - len(text[end:].lstrip())
