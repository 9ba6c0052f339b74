"""What all C and C++ projects share: a kit for each platform, and the flags that make builds the same everywhere.

A step of such a project sees the kit's variables and its commands first on PATH. ``CFLAGS`` and
``CXXFLAGS`` are the user's, or ``-O2``, with maps that keep the paths of this machine out of the
result (https://reproducible-builds.org/docs/build-path).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import kit, sysroot
from xxpy.compiler import choice
from xxpy.compiler.compiler import Wanted, read_libc
from xxpy.errors import ToolError
from xxpy.kit import emulation, model, native
from xxpy.language.attempt import attempt
from xxpy.machine import facts, programs, resources
from xxpy.runner.plan import EVERYTHING, WORK, Plan, Step
from xxpy.sysroot import named
from xxpy.table import availability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.table.load import Table
    from xxpy.table.platform import Platform

PREFIX: Final = "/usr/local"
"""Where a project believes that it is installed; what is below it becomes the platform's folder."""
BUILD: Final = f"{WORK}/build"
"""Where tools build that leave the project's folder alone."""
_HARD: Final = re.compile(r"[\s'&|;<>()*?\[\]#!{}~]")
"""Characters of a path that need quotes."""
_HOPELESS: Final = re.compile(r'["\\$`\x00-\x1f\x7f]')
"""Characters of a path that need more than quotes, each build tool's own."""

SOURCE: Final = f"{WORK}/source"
"""Where the copy of a project lies whose tools build in place."""
C_SUFFIXES: Final = frozenset({".c"})
CXX_SUFFIXES: Final = frozenset({".cc", ".cpp", ".cxx", ".c++", ".C"})
_EPOCH: Final = "SOURCE_DATE_EPOCH"

_LOOKED_AT: Final = 5000
"""Files that are looked at to find C++; a project with more says what it needs itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """One platform of a build.

    :param arguments: the further arguments of the build tool, for this platform
    :param environment: the variables that every command of the step sees
    """

    kit: Kit
    arguments: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def platform(self) -> Platform:
        """The platform that is built for."""
        return self.kit.target.platform

    @property
    def foreign(self) -> bool:
        """Whether programs of the platform do not run on this machine as they are."""
        return self.kit.target.is_cross


def wanted(platform: Platform, options: Options, table: Table, *, cxx: bool) -> Wanted:
    """Return what is asked of a compiler for a platform, with the sysroot that the project wants.

    :raises XxpyError: the sysroot cannot be made
    """
    libc, floor = (None, None) if options.libc is None else read_libc(options.libc)
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
    made = kit.make(asked, options.environment_of(platform), options.cc, tell, options.first)
    if options.run_tests and made.emulator is None:
        raise emulation.refusal(asked.target, made.unseen)
    return made


def with_one_compiler(options: Options, table: Table, *, cxx: bool) -> Options:
    """Return the build with the compiler that does most of its platforms tried first, so that their programs are of one compiler.

    :raises XxpyError: something concerns all platforms alike, such as an unknown libc
    """
    if options.cc != choice.AUTO or len(options.platforms) == 1:
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
    why: tuple[str, ...] = (),
) -> Plan:
    """Return the plan of a project: *step* says what is done for one platform.

    :param language: the name of the kind of project
    :param cxx: whether a C++ compiler is needed
    :param copied: whether the project is built in a copy
    :param why: further lines of the explanation
    """
    options = with_one_compiler(options, table, cxx=cxx)

    def build(platform: Platform) -> tuple[Context, Step]:
        made = kit_for(platform, options, table, cxx=cxx)
        own = options.per_platform.get(platform)
        arguments = (*options.arguments, *(own.arguments if own else ()))
        context = Context(
            made,
            arguments,
            {**variables(made, folder, options, copied=copied), **(own.environment if own else {})},
        )
        return context, step(context)

    builds, refused = attempt(options.platforms, build)
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
    )


def installed(
    context: Context,
    options: Options,
    commands: Iterable[tuple[str, ...]],
    folder: str,
    **further: str,
) -> Step:
    """Return the step of a project that has an install step; where that puts nothing into the stage, what was built is collected.

    :param folder: where the commands run: the folder for the build, or the copy of the project
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
        advice=advice(context.kit),
        names_helpers=folder == BUILD,
    )


def advice(made: Kit) -> str:
    """Return where a header or library that the target lacks comes from, for people, or "" for this machine's own."""
    target = made.target
    if not target.is_cross:
        return ""
    machine = facts.release()
    source = (
        availability.best(target.row, target.libc, resources.table(), (machine.id, machine.version))
        if target.row.packaged
        else None
    )
    if source is None:
        return f"take a folder with it (--sysroot DIR, for {target.platform}), or let the project build it"
    if made.sysroot is not None:
        add = f"add NAME-dev to packages of sysroot in xxpy.toml, or: xxpy sysroot add --platform {target.platform} NAME-dev"
    else:
        name, adding = source
        there = next((found.distribution or found.name for found in named.shared(target)), None)
        add = f"{adding} NAME-dev"
        if there is None:
            add = f"{add}, then --sysroot {name}; or sysroot in xxpy.toml"
        else:
            add = f"--sysroot {there} takes the one that is there, to which {add} adds; or sysroot in xxpy.toml"
    finder = (
        ""
        if made.pkg_config is not None
        else "\npkg-config, which finds them, is not on this machine: apt-get install pkg-config"
    )
    return (
        f"libraries of {target.platform} come from a sysroot, not from this machine: {add}{finder}"
    )


def compilers(kits: Iterable[Kit]) -> str:
    """Return the compilers of a build, for people: the one of most platforms, and which others there are, with their platforms."""
    found: dict[str, list[str]] = {}
    for made in kits:
        found.setdefault(made.compiler, []).append(str(made.target.platform))
    most, *others = sorted(found, key=lambda name: -len(found[name])) or [""]
    return ", ".join([most, *(f"{name} for {' '.join(found[name])}" for name in others)])


def first_uses(kits: Iterable[Kit]) -> tuple[str, ...]:
    """Return what takes long the first time: compilers that build the libc of a target when that is used for the first time."""
    slow = [made for made in kits if made.tools.own_libraries and made.tools.base is None]
    return tuple(
        f"{made.compiler} may have to build its libc for {made.target.platform}: seconds to some minutes, once"
        for made in slow
    )


def variables(made: Kit, folder: Path, options: Options, *, copied: bool) -> dict[str, str]:
    """Return the variables of a step: those of the kit, and flags that keep this machine's paths out of the result.

    :param copied: whether the project is built in a copy; such build tools split flags at spaces,
        so a map with one is left out. So are maps with a character that build tools quote in
        different ways
    """
    user = options.environment
    places = (SOURCE,) if copied else (BUILD, str(folder))
    cache = str(resources.cache_folder("work"))
    maps = [f"-ffile-prefix-map={place}=." for place in places]
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
        **changed,
        **cached,
        **flags,
        **link,
        "ZERO_AR_DATE": "1",
    }


def static_link(made: Kit, options: Options) -> dict[str, str]:
    """Return the variable by which programs in C are linked statically, where that is asked for and Apple's systems are not meant."""
    static = options.static and made.target.row.sdk is None
    return (
        {"LDFLAGS": " ".join(filter(None, (options.environment.get("LDFLAGS"), "--static")))}
        if static
        else {}
    )


def children_native(context: Context, options: Options) -> dict[str, str]:
    """Return this machine's own tools under the names of variables that name the target's.

    CMake and Meson have the target's tools from a file of the kit. What their projects build
    besides, by ``ExternalProject`` or a command of their own, runs here and takes its compiler from
    these variables.
    """
    return native.instead(context.kit.environment, options.environment)


def _quoted(word: str) -> str:
    """Return a word in double quotes, which CMake, Meson, ninja and sh all read alike."""
    return f'"{word}"'


def has_cxx(folder: Path) -> bool:
    """Whether a folder holds sources in C++."""
    return any(
        path.suffix in CXX_SUFFIXES
        for _number, path in zip(range(_LOOKED_AT), folder.rglob("*"), strict=False)
    )


def need(program: str, package: str, options: Options) -> str:
    """Return the path of a build tool.

    :raises ToolError: it is not installed
    """
    found = programs.which(program, options.environment)
    if found is None:
        raise ToolError(f"{program}: not found on PATH", f"install it: {package}")
    return found


def says(arguments: tuple[str, ...], *patterns: str) -> bool:
    """Whether one of the arguments begins with one of the patterns: what the user says is not said again."""
    return any(re.match(pattern, argument) for argument in arguments for pattern in patterns)
