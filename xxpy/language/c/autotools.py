"""Projects with a ``configure`` script, by Autoconf or handwritten, or that autoreconf gives one.

They are built in a copy, so that sources that are already configured, or cannot be built in
another folder, are no problem. Autoconf's scripts get ``--build`` and ``--host``, which make them
cross-compile even if an emulator would run their test programs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.compiler import by_libc
from xxpy.language import texts
from xxpy.language.c import common, handwritten, make, marks, system
from xxpy.machine import facts
from xxpy.runner import helpers
from xxpy.runner.plan import JOBS, SHELL, STAGE, Plan, Tests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.language.c.common import Context
    from xxpy.language.options import Options
    from xxpy.runner.plan import Step
    from xxpy.table.columns import Row
    from xxpy.table.model import Table
    from xxpy.table.target import Target

_BINFMT: Final = Path("/proc/sys/fs/binfmt_misc")


def plan(folder: Path, options: Options, table: Table) -> Plan:
    """Return the plan.

    :raises ToolError: make is missing, or autoreconf if it is needed
    """
    program = make.tool(folder, options)
    script = _script(folder)
    text = texts.text_of(folder / script) if script else ""
    begin = [] if text else [(common.need("autoreconf", options), "--install", "--force")]
    autoconf = not text or "Autoconf" in text
    named = "sh" if autoconf else handwritten.interpreter(text)
    shell = SHELL if named == "sh" else common.need(named, options)
    prefix = handwritten.prefix("" if autoconf else text, common.PREFIX)
    build = table.row(facts.platform(table.words))

    def step(context: Context) -> Step:
        """Return the step for one platform."""
        target = context.kit.target
        triples = _triples(target, build) if context.foreign else ()
        own = triples if autoconf else handwritten.words(text, context.environment, _host(triples))
        settings = _without((prefix, *own), context.arguments)
        configure = (shell, f"./{script or 'configure'}", *settings, *context.arguments)
        commands = [*begin, configure, (program, f"-j{JOBS}")]
        tests = Tests((program, f"-j{JOBS}", "check", *_runner(context)), make.RAN)
        commands += [tests.command] if options.run_tests else []
        if autoconf or system.names_programs(context, (text, *_makefiles(folder))):
            commands.append((program, "install", f"DESTDIR={STAGE}"))
        asks = not autoconf and system.asks_for_system(context, (text, *_makefiles(folder)))
        path = system.path(context, context.kit.named) if asks else {}
        return common.installed(
            context, options, commands, common.SOURCE, tests, CHOST=target.triple, **path
        )

    why = "made by autoreconf" if begin else ("by Autoconf" if autoconf else "handwritten")
    return common.plan(
        folder,
        options,
        table,
        step,
        language="autotools",
        cxx=marks.has_cxx(folder) or _asks_for_cxx(folder),
        copied=True,
        why=(f"configure: {why}",),
    )


def _without(words: Iterable[str], arguments: tuple[str, ...]) -> list[str]:
    """Return the words of configure that the user's arguments do not say themselves."""
    return [word for word in words if not common.says(arguments, word.partition("=")[0])]


def _runner(context: Context) -> tuple[str, ...]:
    """Return the words of ``make check`` that name an emulator, unless the kernel starts it."""
    target = context.kit.target
    needed = context.kit.emulator and not started_by_kernel(target)
    return (f"LOG_COMPILER={target.triple}-run",) if needed else ()


def _script(folder: Path) -> str:
    """Return the name of the script, or "" if autoreconf has to make it."""
    names = [name for name in marks.AUTOTOOLS if (folder / name).is_file()]
    return names[0] if names[0].endswith(("configure", ".sh")) else ""


def _triples(target: Target, build: Row) -> tuple[str, ...]:
    """Return the options that make Autoconf's scripts cross-compile.

    :param build: the row of this machine
    """
    row = target.row
    known = None if row.triple.libc or row.gnu is None else row.gnu.target
    own = None if build.gnu is None else by_libc(build.gnu, target) or build.gnu.gnu
    return f"--host={known or target.triple}", *([f"--build={own}"] if own else [])


def _makefiles(folder: Path) -> Iterator[str]:
    """Yield the text of each Makefile, and of what ``configure`` makes into one."""
    yield from helpers.makefiles(folder)
    yield from map(texts.text_of, folder.rglob("[Mm]akefile*.in"))


def _host(triples: tuple[str, ...]) -> str | None:
    return triples[0].partition("=")[2] if triples else None


def _asks_for_cxx(folder: Path) -> bool:
    """Whether the source of ``configure`` looks for a C++ compiler."""
    sources = (folder / name for name in marks.AUTOTOOLS[1:])
    return any("AC_PROG_CXX" in texts.text_of(path) for path in sources if path.is_file())


def started_by_kernel(target: Target) -> bool:
    """Whether the kernel runs programs of the target in an emulator: tests then need no runner."""
    return target.row.qemu is not None and (_BINFMT / f"qemu-{target.row.qemu.user}").exists()
