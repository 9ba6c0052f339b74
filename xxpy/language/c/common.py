"""What all C and C++ projects share: a kit per platform, and flags for reproducible builds.

A step of such a project has the kit's variables, and its commands first on PATH. ``CFLAGS`` and
``CXXFLAGS`` are the user's, or ``-O2``, with maps that keep this machine's paths out of the result
(https://reproducible-builds.org/docs/build-path).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import kit, sysroot
from xxpy.compiler import choice
from xxpy.compiler.compiler import Wanted
from xxpy.compiler.registry import AUTO
from xxpy.errors import ToolError
from xxpy.kit import emulation, model, native
from xxpy.language.attempt import attempt
from xxpy.language.bases import attempt_kits
from xxpy.language.c import install, marks, nested
from xxpy.language.c.remarks import compilers, family, first_uses, remedy
from xxpy.machine import advice, programs, resources
from xxpy.runner.plan import EVERYTHING, WORK, Plan, Step
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.runner.plan import Tests
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

PREFIX: Final = "/usr/local"
"""The prefix that projects are installed to; what is below it becomes the platform's folder."""
BUILD: Final = f"{WORK}/build"
"""The build folder of tools that leave the project's folder alone."""
_HARD: Final = re.compile(r"[\s'&|;<>()*?\[\]#!{}~]")
"""Characters of a path that need quotes."""
_HOPELESS: Final = re.compile(r'["\\$`\x00-\x1f\x7f]')
"""Characters of a path that need more than quotes, differently in each build tool."""

SOURCE: Final = f"{WORK}/source"
"""The copy of a project whose tools build in place."""
_SOURCES: Final = marks.C_SUFFIXES | marks.CXX_SUFFIXES | {".s", ".S", ".m", ".mm"}
"""What is compiled, so that every build tool notices that it has changed."""
_HEADERS: Final = frozenset({".h", ".hh", ".hpp", ".hxx", ".h++", ".inc", ".inl", ".ipp", ".tcc"})
"""What CMake and Meson let the compiler report; the rules of a Makefile may not know of it."""
_EPOCH: Final = "SOURCE_DATE_EPOCH"


@dataclass(frozen=True, slots=True)
class Context:
    """One platform of a build.

    :param arguments: further arguments for the build tool on this platform
    :param environment: the variables of every command in the step
    """

    kit: Kit
    arguments: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def platform(self) -> Platform:
        """The platform to build for."""
        return self.kit.target.platform

    @property
    def foreign(self) -> bool:
        """Whether this machine needs an emulator for programs of the platform."""
        return self.kit.target.is_cross


def wanted(platform: Platform, options: Options, table: Table, *, cxx: bool) -> Wanted:
    """Return what a compiler must be able to do for a platform, with the project's sysroot.

    :raises XxpyError: the sysroot cannot be made
    """
    libc, floor = (None, None) if options.libc is None else c_library.read(options.libc)
    target = model.target(table, platform, libc, options.environment_of(platform))
    root = sysroot.wanted(options.sysroots.get(platform), target, table)
    return Wanted(target, floor, root, options.sdk, options.ndk, cxx, options.static)


def kit_for(platform: Platform, options: Options, table: Table, *, cxx: bool) -> Kit:
    """Return the kit for a platform.

    :raises ToolError: no compiler can build for it
    :raises XxpyError: the sysroot cannot be made
    """
    asked = wanted(platform, options, table, cxx=cxx)
    tell = None if options.shown else options.tell
    made = kit.make(
        asked,
        options.environment_of(platform),
        options.cc,
        tell,
        options.first,
        waits=options.waits,
    )
    if options.run_tests and made.emulator is None:
        raise emulation.refusal(asked.target, made.unseen)
    return made


def with_one_compiler(options: Options, table: Table, *, cxx: bool) -> Options:
    """Return options that try the compiler for most platforms first, so that one builds them all.

    :raises XxpyError: something concerns all platforms, such as an unknown libc
    """
    if options.cc != AUTO or options.first or len(options.platforms) == 1:
        return options
    asked, _refused = attempt(
        options.platforms, lambda platform: wanted(platform, options, table, cxx=cxx)
    )
    return replace(options, first=choice.prefer(asked.values(), options.environment))


def plan(
    folder: Path,
    options: Options,
    table: Table,
    step: Callable[[Context], Step],
    *,
    language: str,
    cxx: bool,
    copied: bool = False,
    places: tuple[str, ...] = (),
    why: tuple[str, ...] = (),
) -> Plan:
    """Return the plan of a project, with the steps that *step* returns.

    :param language: the kind of project
    :param cxx: whether a C++ compiler is needed
    :param copied: whether the project is built in a copy
    :param places: the folders whose paths are kept out of the result; by default those of the
        project and of its build
    :param why: further lines for the explanation
    """
    options = with_one_compiler(options, table, cxx=cxx)

    def build(platform: Platform, options: Options) -> tuple[Context, Step]:
        """Return the kit and the step for one platform."""
        made = kit_for(platform, options, table, cxx=cxx)
        context = _context(made, options, variables(made, folder, options, places, copied=copied))
        return context, step(context)

    builds, refused = attempt_kits(options, build)
    contexts = [context for context, _ in builds.values()]
    return Plan(
        name=folder.name,
        language=language,
        tool=compilers([context.kit for context in contexts]) or "no C compiler",
        explanation=(*why, *(line for context in contexts for line in context.kit.lines)),
        folder=folder,
        output=options.output,
        steps=tuple(made for _, made in builds.values()),
        named=options.named,
        refused=refused,
        notes=first_uses([context.kit for context in contexts]),
        family=family([context.kit for context in contexts]),
    )


def _context(made: Kit, options: Options, shared: Mapping[str, str]) -> Context:
    own = options.per_platform.get(made.target.platform)
    arguments = (*options.arguments, *(own.arguments if own else ()))
    return Context(made, arguments, {**shared, **(own.environment if own else {})})


def installed(
    context: Context,
    options: Options,
    commands: Iterable[tuple[str, ...]],
    folder: str,
    tests: Tests | None = None,
    **further: str,
) -> Step:
    """Return the step of a project with an install step.

    If that installs nothing into the stage, what was built is collected.

    :param folder: where the commands run: the build folder, or the copy of the project
    :param tests: the command for tests, among the others if the build runs tests
    :param further: variables besides those of the context
    """
    return Step(
        context.platform,
        tuple(commands),
        {**context.environment, **further},
        folder=folder,
        copied=folder if folder == SOURCE else "",
        prefix=PREFIX,
        installed=True,
        collected=options.outputs or EVERYTHING,
        absent=install.ABSENT,
        advice=partial(remedy, context.kit),
        runtime=context.kit.runtime,
        tests=tests if options.run_tests else None,
        names_helpers=folder == BUILD,
        noticed=_SOURCES if folder == SOURCE else _SOURCES | _HEADERS,
    )


def variables(
    made: Kit, folder: Path, options: Options, places: tuple[str, ...], *, copied: bool
) -> dict[str, str]:
    """Return the variables of a step: the kit's, and flags that keep this machine's paths out.

    :param places: the folders whose paths are kept out, or () for those of the project and of its
        build
    :param copied: whether the project is built in a copy. Such build tools split flags at spaces,
        so a map with a space is left out. So are maps with characters that build tools quote in
        different ways
    """
    user = options.environment
    cache = str(resources.cache_folder("work"))
    kept_out = places or ((SOURCE,) if copied else (BUILD, str(folder)))
    maps = [f"-ffile-prefix-map={place}=." for place in kept_out]
    hard, hopeless = (pattern.search(f"{cache}{folder}") for pattern in (_HARD, _HOPELESS))
    text = "" if hopeless or (hard and copied) else " ".join(map(_quoted, maps) if hard else maps)
    changed = {
        name: value for name, value in made.variables(user).items() if user.get(name) != value
    }
    flags = {name: f"{user.get(name) or '-O2'} {text}".rstrip() for name in ("CFLAGS", "CXXFLAGS")}
    link = static_link(made, options)
    cached = (
        {
            name: f"{Path(made.launcher).name} {changed[name]}"
            for name in ("CC", "CXX")
            if name in changed
        }
        if made.launcher
        else {}
    )
    return {
        _EPOCH: user.get(_EPOCH, "0"),
        **nested.variables(made, user),
        **changed,
        **cached,
        **flags,
        **link,
        "ZERO_AR_DATE": "1",
    }


def static_link(made: Kit, options: Options) -> dict[str, str]:
    """Return the variable that makes C programs static, if that is asked for and possible."""
    static = options.static and not made.target.row.file.dynamic_only
    return (
        {"LDFLAGS": " ".join(filter(None, (options.environment.get("LDFLAGS"), "--static")))}
        if static
        else {}
    )


def children_native(context: Context, options: Options) -> dict[str, str]:
    """Return this machine's own tools in the variables that otherwise have the target's.

    CMake and Meson get the target's tools from a file of the kit. Whatever else their projects
    build, with ``ExternalProject`` or a command of their own, runs on this machine and takes its
    compiler from these variables.
    """
    return native.instead(context.kit.environment, options.environment)


def _quoted(word: str) -> str:
    """Return a word in double quotes, which CMake, Meson, ninja and sh read in the same way."""
    return f'"{word}"'


def need(program: str, options: Options, tool: str = "") -> str:
    """Return the path of a build tool.

    :param tool: the tool that brings the program, if it has another name

    :raises ToolError: it is not installed
    """
    found = programs.which(program, options.environment)
    if found is None:
        raise ToolError(
            f"{program}: not found on PATH", f"install it: {advice.install(tool or program)}"
        )
    return found


def says(arguments: tuple[str, ...], *patterns: str) -> bool:
    """Whether an argument matches one of the patterns, so that the user's choice stands."""
    return any(re.match(pattern, argument) for argument in arguments for pattern in patterns)
