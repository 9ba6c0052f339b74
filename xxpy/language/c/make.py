"""Projects with a Makefile: built in a copy, and installed with DESTDIR if the Makefile knows it.

A Makefile whose install step does not know ``DESTDIR`` would write into this machine's folders. So
that step never runs, and the programs and libraries that ``make`` has built are collected.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.errors import ProjectError
from xxpy.kit import native
from xxpy.language.c import common, install, marks, prefixes, system
from xxpy.language.texts import text_of
from xxpy.runner import helpers
from xxpy.runner.plan import JOBS, STAGE, Plan, Tests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.runner.plan import Step
    from xxpy.table.model import Table

_ASSIGNED: Final = re.compile(
    r"^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)[ \t]*[:?]{0,2}=[ \t]*([^#\n]*?)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_OF_TARGET: Final = re.compile(r"\$[({]C(?:C|XX)[)}]")
_TOOLS: Final = {"PKG_CONFIG": ("pkg-config", "pkgconf"), "LD": ("ld",)}
"""Tools that work on no files, by the variable with the target's; the plain ones are native."""
_FINDER: Final = re.compile(r"(?<![\w./-])(?:pkg-config|pkgconf)(?=\s)")
_FOR_THIS_MACHINE: Final = re.compile(
    r"HOST|NATIVE|FOR_BUILD|BUILD_(?:CC|CXX|CFLAGS|CPPFLAGS|CXXFLAGS|LDFLAGS|LDLIBS|LIBS)\b",
    re.IGNORECASE,
)
DEFCONFIG: Final = "defconfig"
"""The goal with which Kconfig writes its default configuration."""
_BSD: Final = re.compile(r"^\.[ \t]*(?:if|ifdef|ifndef|for|include)\b", re.MULTILINE)
_RULE: Final = re.compile(r"^(?!\.)[\w./-]+[ \t]*:(?!=)[ \t]*([^#;=\n]*)", re.MULTILINE)
"""A rule; the first one is what plain ``make`` builds."""
_TESTS: Final = re.compile(r"(?:self)?tests?|check")
RAN: Final = r"^(?!(?:\S*/)?(?:bsd|g)?make\b|Making check in )\S"
"""What make prints if a goal has something to do: more than the names of other goals."""
_NO_GOAL: Final = (
    "if the Makefile builds nothing by default, and its help is above, name a goal:"
    " xxpy build -- GOAL, or arguments in xxpy.toml"
)
_TEST: Final = re.compile(r"^(check|test)\s*:", re.MULTILINE)


def tool(folder: Path, options: Options) -> str:
    """Return the make that reads a project's Makefile: GNU's, or BSD's if it has its directives.

    :raises ToolError: it is missing
    """
    path = marks.makefile(folder)
    is_bsd = path is not None and _BSD.search(text_of(path)) is not None
    return common.need("bmake" if is_bsd else "make", options)


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: make is missing
    """
    program = tool(folder, options)
    path = marks.makefile(folder)
    text = "" if path is None else text_of(path)
    installs = install.knows_destdir(folder, text.replace("\\\n", " "))
    texts = tuple(helpers.makefiles(folder))

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        settings = _settings(context, texts)
        commands = [(program, DEFCONFIG, *settings)] if _unconfigured(folder, text) else []
        commands.append((program, f"-j{JOBS}", *_goals(text, context, settings), *settings))
        tests = _tests(text, program, settings) if options.run_tests else None
        commands += [tests.command] if tests is not None else []
        if installs and system.names_programs(context, texts):
            variables = tuple(word for word in settings if "=" in word)
            prefix = (f"PREFIX={common.PREFIX}", f"prefix={common.PREFIX}")
            commands.append((program, "install", f"DESTDIR={STAGE}", *prefix, *variables))
        made = common.installed(
            context, options, commands, common.SOURCE, tests, **_surroundings(context, texts)
        )
        return replace(made, nothing=_NO_GOAL)

    why = (
        "installed by make install DESTDIR="
        if installs
        else "no install step that knows DESTDIR, so programs and libraries are collected"
    )
    return common.plan(
        folder,
        options,
        table,
        step,
        language="make",
        cxx=marks.has_cxx(folder),
        copied=True,
        why=(f"Makefile: {why}",),
    )


def _tests(text: str, program: str, settings: tuple[str, ...]) -> Tests:
    """Return how a makefile runs tests.

    :raises ProjectError: it has no goal for them
    """
    goal = _TEST.search(text)
    if goal is None:
        raise ProjectError("the makefile has no goal named test or check", "leave out --run-tests")
    return Tests((program, goal.group(1), *settings), RAN)


def _unconfigured(folder: Path, text: str) -> bool:
    """Whether a project with Kconfig, such as BusyBox, has no configuration yet."""
    return (
        DEFCONFIG in text
        and any((folder / name).is_file() for name in ("Config.in", "Kconfig"))
        and not (folder / ".config").exists()
    )


def _goals(text: str, context: Context, settings: Iterable[str]) -> tuple[str, ...]:
    """Return what is built instead of the default, if that also runs tests and they cannot run."""
    named = not all("=" in word or word.startswith("-") for word in settings)
    return () if named or not context.foreign else without_tests(text)


def without_tests(text: str) -> tuple[str, ...]:
    r"""Return what the first rule of a Makefile builds, if it also runs tests; otherwise nothing.

    >>> without_tests("TOOLS = b\nall: a $(TOOLS) test\ntest: a\n\t./a < in > out\n")
    ('a', 'b')
    >>> without_tests("all: a test\ntest: test.c\n\t$(CC) -o test test.c\n")
    ()
    """
    text = helpers.expanded(text)
    first = _RULE.search(text)
    wanted = first.group(1).split() if first else []
    goals = tuple(word for word in wanted if not _runs_tests(word, text))
    return goals if len(goals) < len(wanted) and "$" not in "".join(goals) else ()


def _runs_tests(goal: str, text: str) -> bool:
    """Whether a goal is called like tests, and its recipe runs programs and compiles none."""
    recipe = re.search(rf"^{re.escape(goal)}[ \t]*:.*\n((?:\t.*\n?)*)", text, re.MULTILINE)
    return (
        _TESTS.fullmatch(goal) is not None
        and recipe is not None
        and bool(helpers.run_in(recipe[1].splitlines()))
        and "CC" not in recipe[1]
    )


def _settings(context: Context, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words for make's command line: compilers, and the user's arguments.

    An assignment in the Makefile overrides the environment, and the command line overrides both, so
    compilers are set there. The other tools that work on files are first on PATH under their plain
    names, because Makefiles write flags after them: ``AR = ar rcu``.
    """
    tools = assignments(texts, context.environment)
    if context.foreign:
        prefix = f"{context.kit.target.triple}-"
        tools += tuple(f"{name}={prefix}" for name in prefixes.names(texts))
    names = tuple(f"{name.partition('=')[0]}=" for name in tools)
    return (
        *(
            tool
            for tool, name in zip(tools, names, strict=True)
            if not common.says(context.arguments, name)
        ),
        *(word for word in context.arguments if not common.says((word,), *names)),
    )


def _surroundings(context: Context, texts: Collection[str]) -> dict[str, str]:
    """Return what Makefiles ask for the system, as variables.

    That is the PATH with the target's pkg-config and uname, if Makefiles call them plainly, and
    variables of the system.
    """
    folders = [context.kit.plain] if _asks_plainly(context, texts) else []
    if system.asks_for_system(context, texts):
        folders.append(context.kit.named)
    return system.variables(context, texts) | system.path(context, *folders)


def assignments(texts: Iterable[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the assignments for make's command line, which override those in a Makefile.

    They are the compilers of the target; its pkg-config and linker, if a Makefile names plain ones,
    with the flags after them; its other tools, if a Makefile names them by another name than the
    plain one; and this machine's compilers, if a Makefile uses the target's in their place
    (``HOSTCC = $(CC)``).

    :param texts: the Makefiles of the project
    """
    found = {name: environment[name] for name in ("CC", "CXX") if name in environment}
    values: dict[str, set[str]] = {}
    for name, value in (pair for text in texts for pair in _ASSIGNED.findall(text)):
        values.setdefault(name, set()).add(value)
    for name, listed in values.items():
        value = next(iter(listed)) if len(listed) == 1 else ""
        words = value.split()
        own = _of_this_machine(name, environment)
        compiler = _compiler(name, words[0]) if words else None
        if name in _TOOLS and name in environment and words and words[0] in _TOOLS[name]:
            found[name] = " ".join((environment[name], *words[1:]))
        elif compiler is not None and compiler in environment:
            found[name] = " ".join((environment[compiler], *words[1:]))
        elif own is not None and any(map(_OF_TARGET.search, listed)):
            found[name] = _OF_TARGET.sub(own.replace("\\", r"\\"), value) or own
    found = prefixes.tools(values, environment) | found
    return tuple(f"{name}={value}" for name, value in found.items())


def _finds(line: str) -> bool:
    """Whether a line calls plain pkg-config, and does not only name it for a variable."""
    if not _FINDER.search(line.partition("#")[0]):
        return False
    assigned = _ASSIGNED.match(line)
    return assigned is None or not _FINDER.match(assigned[2])


def _compiler(name: str, program: str) -> str | None:
    """Return the variable with the compiler that a Makefile names in another one.

    >>> _compiler("LD", "gcc"), _compiler("LINKER", "g++"), _compiler("BUILDCC", "gcc")
    ('CC', 'CXX', None)
    """
    if name in {"CC", "CXX"} or _FOR_THIS_MACHINE.search(name) or "BUILD" in name:
        return None
    return next((kind for kind, names in native.COMPILERS.items() if program in names), None)


def _of_this_machine(name: str, environment: Mapping[str, str]) -> str | None:
    """Return this machine's compiler if the variable's name asks for it."""
    kind = next(
        (kind for kind in ("CXX", "CC") if name.startswith(f"{kind}_") or name.endswith(kind)), None
    )
    return (
        environment.get(f"{kind}_FOR_BUILD")
        if kind is not None and _FOR_THIS_MACHINE.search(name)
        else None
    )


def _asks_plainly(context: Context, texts: Iterable[str]) -> bool:
    """Whether plain pkg-config would find this machine's libraries for the platform."""
    return (context.foreign or context.kit.sysroot is not None) and finds_libraries(texts)


def finds_libraries(texts: Iterable[str]) -> bool:
    """Whether plain pkg-config must be the target's, as a Makefile calls it without a variable.

    :raises ProjectError: a Makefile also calls it for this machine's programs
    """
    lines: list[str] = []
    own: list[str] = []
    for text in texts:
        found = [line for line in text.splitlines() if _finds(line)]
        of_this_machine = [line for line in found if _FOR_THIS_MACHINE.search(line)]
        lines += found
        own += found if of_this_machine and not _OF_TARGET.search(text) else of_this_machine
    if own and len(own) < len(lines):
        raise ProjectError(
            "a Makefile calls pkg-config under one name both for programs of this machine and for"
            " those of the platform",
            "call $(PKG_CONFIG) for the platform's programs: plain pkg-config is this machine's",
        )
    return bool(lines) and not own
