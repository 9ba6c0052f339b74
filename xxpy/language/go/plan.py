"""Go modules: ``go build`` builds every main package, one platform at a time.

Go cross-compiles by itself. What is added is ``-trimpath`` (the same source gives the same bytes in
any folder) and ``CGO_ENABLED``, which is off by default: with it, a foreign platform needs a C
compiler, that of its kit. Flags from all places are merged (:mod:`xxpy.language.go.flags`), and
Go sees the repository as the user has left it (:mod:`xxpy.language.go.version_control`).
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError, ToolError, UnsupportedPlatformError
from xxpy.kit import emulation
from xxpy.language.bases import attempt_kits
from xxpy.language.c import common, remarks
from xxpy.language.go import arguments, cgo, known, link, modes, toolchain, version_control
from xxpy.language.go import flags as go_flags
from xxpy.language.go import packages as go_packages
from xxpy.language.go import settings as go_settings
from xxpy.runner.plan import STAGE, Plan, Step, Tests
from xxpy.table.names import go_environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.kit.model import Kit
    from xxpy.language.go.flags import Place
    from xxpy.language.go.packages import Found
    from xxpy.language.options import Options
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

_REMEDIES: Final = (
    (
        "build constraints exclude all Go files",
        "a package has C code or only other platforms' files: add --cgo, or name others: -- ./cmd",
    ),
    ("requires cgo", "--cgo turns cgo on"),
)
"""What Go says without cgo, and what to do about it."""
_RAN: Final = r"^ok\s(?!.*\[no tests to run\])"
_UNDEFINED: Final = "undefined: "
"""What Go says about a name that a file with C declares."""


@dataclass(frozen=True, slots=True)
class _Build:
    """One platform of a build.

    :param kit: the C compiler, or None without cgo
    :param environment: the variables of the step
    :param emulator: what runs the tests; empty if they need nothing
    """

    row: Row
    kit: Kit | None
    environment: Mapping[str, str]
    emulator: tuple[str, ...] = ()


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan: every main package, for every platform that this Go supports.

    :raises ToolError: Go is missing
    :raises ProjectError: the module has no main package
    :raises UsageError: no build can satisfy the arguments
    """
    go = toolchain.find(folder, options.environment)
    options = common.with_one_compiler(options, table, cxx=False) if options.cgo else options
    stamps = _stamps(folder, options, table)

    memory = known.memory(go, folder, options)

    def build(platform: Platform, options: Options) -> tuple[_Build, Step, Found]:
        made = _build(platform, go, options, table, stamps)
        return made, *_step(made, memory, folder, options, table)

    builds, refused = attempt_kits(options, build)
    if not builds:
        _refuse(refused.values())
    kits = [made.kit for made, *_ in builds.values() if made.kit is not None]
    return Plan(
        name=folder.name,
        language="go",
        tool=f"go {go.version}",
        explanation=(
            f"go {go.version} chosen: {go.program}, from {go.origin}",
            "cgo on: requested"
            if options.cgo
            else "cgo off: a foreign platform needs no C compiler (--cgo turns it on)",
            *(line for made, *_ in builds.values() for line in _explained(made.row, made.kit)),
        ),
        folder=folder,
        output=options.output,
        steps=tuple(step for _, step, _ in builds.values()),
        named=options.named,
        refused=refused,
        notes=(
            *remarks.first_uses(kits),
            *_left_out({platform: found for platform, (*_, found) in builds.items()}),
        ),
        warnings=_warnings(options, (found for *_, found in builds.values())),
        known=memory.close(folder, {**options.environment, **stamps}),
    )


def _stamps(folder: Path, options: Options, table: Table) -> Mapping[str, str]:
    every = (row.platform for row in table.rows.values())
    return version_control.variables(
        folder, options.output, every, options.environment, shown=options.shown
    )


def _refuse(errors: Collection[XxpyError]) -> None:
    """Refuse a project that has no program for any platform.

    :raises ProjectError: each platform is unsupported
    """
    if errors and all(isinstance(error, UnsupportedPlatformError) for error in errors):
        error = next(iter(errors))
        raise ProjectError(error.message, error.hint) from error


def _warnings(options: Options, found: Iterable[Found]) -> tuple[str, ...]:
    """Return what is built without its C, if the user has not said whether it should be."""
    return () if options.cgo_given else tuple(go_packages.without_c(found))


def _left_out(found: Mapping[Platform, Found]) -> Iterator[str]:
    """Yield a note on each main package that some platforms do not have, with Go's reason."""
    noted: dict[str, tuple[list[str], str]] = {}
    for platform, each in found.items():
        for path, reason in each.left_out.items():
            noted.setdefault(path, ([], reason))[0].append(str(platform))
    for path, (platforms, reason) in noted.items():
        yield f"{path} is left out for {', '.join(platforms)}: {reason}"


def _explained(row: Row, kit: Kit | None) -> tuple[str, ...]:
    settings = " ".join(f"{name}={value}" for name, value in go_environment(row).items())
    return (f"{row.platform} → {settings}",) if kit is None else kit.lines


def _build(
    platform: Platform, go: toolchain.Go, options: Options, table: Table, stamps: Mapping[str, str]
) -> _Build:
    """Return the compiler and variables for a platform.

    :raises XxpyError: Go has no port for the platform, or no C compiler can build for it
    """
    row = table.row(platform)
    reason = go.why_not(row)
    if reason is not None:
        raise reason
    kit = None
    if options.cgo:
        try:
            kit = common.kit_for(platform, options, table, cxx=False)
        except ToolError as error:
            raise ToolError(
                f"cgo is on: {error.message}",
                error.hint,
                unknown=error.unknown,
                unmade=error.unmade,
            ) from error
    own = options.per_platform.get(platform)
    environment = {
        **go_environment(row),
        "CGO_ENABLED": "1" if options.cgo else "0",
        **({} if kit is None else cgo.variables(kit, options)),
        **stamps,
        **(own.environment if own else {}),
    }
    emulator = _emulator(platform, kit, options, table) if options.run_tests else ()
    return _Build(row, kit, environment, emulator)


def _emulator(
    platform: Platform, kit: Kit | None, options: Options, table: Table
) -> tuple[str, ...]:
    """Return what runs tests; without C, they need no library of the platform.

    :raises ToolError: nothing on this machine runs them
    """
    if kit is not None:
        return kit.emulator or ()
    wanted = common.wanted(platform, options, table, cxx=False)
    found = emulation.find(wanted, options.environment)
    if found is None:
        raise emulation.refusal(wanted.target, "")
    return found


def _step(
    build: _Build, memory: known.Memory, folder: Path, options: Options, table: Table
) -> tuple[Step, Found]:
    """Return the step for one platform, and what it builds."""
    go, platform = memory.go, build.row.platform
    seen = {**options.environment, **build.environment}
    variables = go_settings.read(memory, build.row, table, seen, folder)
    if build.kit is not None and build.kit.target.is_cross:
        go_settings.check_c(variables, build.row)
    places = arguments.places(platform, options, variables[go_settings.FLAGS])
    mode = _mode(places, build, options)
    flags = go_flags.merge(places, _linker(build, options, pie=mode == modes.PIE))
    patterns = arguments.patterns(places, options)
    # So that a package that needs C fails and is not left out silently.
    with_c = {**seen, "CGO_ENABLED": "1"}
    found = memory.found(
        platform,
        places,
        with_c,
        (str(folder), patterns, flags),
        lambda: go_packages.find(go, folder, patterns, flags, with_c, build.row),
    )
    trim = () if go_flags.last(places, "trimpath") else ("-trimpath",)
    commands = [
        (go.program, "build", "-v", *trim, "-o", f"{STAGE}/{name}", *flags, *packages)
        for name, packages in modes.places(mode, found.mains, patterns, build.row)
    ]
    tests = _tests(go, build, trim, flags) if options.run_tests else None
    if tests is not None:
        commands.append(tests.command)
    return Step(
        platform,
        tuple(commands),
        build.environment,
        advice=str if build.kit is None else partial(remarks.remedy, build.kit),
        runtime=() if build.kit is None else build.kit.runtime,
        remedies=() if options.cgo else _REMEDIES,
        guesses=() if options.cgo else tuple(_without_c(found.with_c)),
        seeded=mode in modes.PROGRAMS,
        tests=tests,
    ), found


def _tests(go: toolchain.Go, build: _Build, trim: tuple[str, ...], flags: Iterable[str]) -> Tests:
    """Return the command that runs the tests."""
    emulator = ("-exec", shlex.join(build.emulator)) if build.emulator else ()
    tested = (flag for flag in flags if not flag.startswith("-buildmode="))
    return Tests((go.program, "test", *trim, *emulator, *tested, "./..."), _RAN)


def _without_c(packages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what Go says if a package lacks its files with C, and what to do about it."""
    if packages:
        others = len(packages) - 1
        more = f" and {others} more with C in them are" if others else " with C in it is"
        yield _UNDEFINED, f"{packages[0]}{more} built without it: --cgo builds it"


def _mode(places: Sequence[Place], build: _Build, options: Options) -> str:
    """Return the build mode.

    :raises UsageError: no build can satisfy it
    """
    flag = go_flags.last(places, "buildmode")
    mode = (flag.value if flag else None) or "default"
    modes.check(mode, build.row, cgo=build.kit is not None, static=options.static)
    return mode


def _linker(build: _Build, options: Options, *, pie: bool) -> go_flags.Change | None:
    """Return a change that adds the words for a program with C to the user's, or None."""
    if build.kit is None:
        return None
    own, outer = link.needed(build.row, static=options.static, pie=pie)
    return partial(link.words, own=own, outer=outer)
