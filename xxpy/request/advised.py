"""Say what a failed build lacked, all at once: packages of the target, tools of this machine."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.errors import BuildError
from xxpy.kit import model
from xxpy.language import detect, submodules, wants
from xxpy.language.c import left_out, marks
from xxpy.language.registry import LANGUAGES
from xxpy.machine import advice, facts
from xxpy.request.search import lacking, last
from xxpy.runner import causes
from xxpy.sysroot import Added, Spec, contents, provide, release
from xxpy.sysroot.needs import Kind
from xxpy.table import availability
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xxpy.errors import XxpyError
    from xxpy.language.options import Options
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result
    from xxpy.sysroot.needs import Need
    from xxpy.sysroot.release import Source
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform

_TEST: Final = re.compile(r"(?<!la)(?<!con)(?<!at)(?<!pro)(?<!fas)test", re.IGNORECASE)
"""A test, a folder of tests or a target for tests."""
_FAILED: Final = "FAILED: "
"""How ninja names what it could not make."""
_THINGS: Final = 4
"""How many things that may be missing a hint names."""


class _Switch(NamedTuple):
    """Something that options of projects turn off.

    :param cause: what the names of the causes begin with that show it
    :param evidence: what the line that shows it contains
    :param find: returns the arguments for a project's folder and its build system
    :param what: what they do, for the hint
    """

    cause: str
    evidence: str
    find: Callable[[Path, str], tuple[str, ...]]
    what: str


_SWITCHES: Final = (
    _Switch("warning-as-error", "", left_out.without_fatal_warnings, "let all warnings pass"),
    _Switch(
        "linker-option",
        "version-script",
        left_out.without_symbol_versions,
        "build without versions of symbols",
    ),
)


def with_hint(result: Result, plan: Plan, options: Options, table: Table) -> Result:
    """Return a result whose error has a hint that names everything at once that the build lacked.

    That is what ``--sysroot auto`` takes, and the tools that this machine lacks.
    """
    if not isinstance(result.error, BuildError) or result.log is None:
        return result
    said = last(result.log)
    tests = _tests(result.error, said, plan)
    if tests:
        return _hinted(result, result.error, "\n".join(filter(None, (tests, result.error.hint))))
    known = causes.search(said, str(result.platform))
    if any(found.settings for found in known):
        return result
    hint = (
        _switched_off(result.error, known, plan)
        or _tools(said, plan, options)
        or _left_out(said, plan)
        or _libraries(result, said, plan, options, table)
        or _other_system(result.error, plan)
    )
    return _hinted(result, result.error, hint) if hint else result


def _hinted(result: Result, error: BuildError, hint: str) -> Result:
    return replace(result, error=BuildError(error.message, hint, evidence=error.evidence))


def _tests(error: BuildError, said: Sequence[str], plan: Plan) -> str:
    """Return how to build without the project's tests, if it is they that fail, or ""."""
    failed = [line for line in said if line.startswith(_FAILED)] or [error.message]
    if not all(map(_TEST.search, failed)):
        return ""
    settings = left_out.without_tests(plan.folder, plan.language)
    return f"leave out the tests: {_arguments(settings)}" if settings else ""


def _switched_off(error: BuildError, known: Sequence[causes.Found], plan: Plan) -> str:
    """Return with which options of the project it does without what has failed, or ""."""
    for switch in _SWITCHES if known else ():
        name, evidence = known[0].name, known[0].diagnosis.evidence
        if name.startswith(switch.cause) and switch.evidence in evidence:
            settings = switch.find(plan.folder, plan.language)
            told = f"{switch.what}: {_arguments(settings)}" if settings else ""
            return f"{told}\nor {error.hint}" if told and error.hint else told
    return ""


def _tools(said: Sequence[str], plan: Plan, options: Options) -> str:
    """Return how to install the tools and modules that this machine lacks, or ""."""
    lines = []
    for language in ("perl", "python"):
        modules = dict.fromkeys(one["module"] for one in causes.every(f"{language}-module", said))
        for module in modules:
            command = advice.module(language, module, options.environment)
            lines += [f"install the module {module}: {command}"] if command else []
    named = [one["tool"] for one in causes.every("missing-tool", said)]
    tools = {name: None for one in named if (name := advice.tool(one) or advice.tool(one.lower()))}
    if not tools or len(tools) < len(set(named)):
        return "\n".join(lines)
    further = wants.lacking(plan.folder, plan.language, options.environment)
    tools.update({one.name: None for one in further if one.sure})
    command = advice.together(tuple(tools), options.environment)
    maybe = [one for one in further if one.name not in tools]
    lines += [f"install what the build needs: {command}"] if command else []
    if command and maybe:
        listed = ", ".join(f"{one.program} ({one.where})" for one in maybe)
        both = advice.together((*tools, *(one.name for one in maybe)), options.environment)
        lines.append(f"it may also need {listed}: {both}")
    return "\n".join(lines)


def _left_out(said: Sequence[str], plan: Plan) -> str:
    """Return how to get the submodules that a build looked for, or to build without them, or ""."""
    paths = [path for path in submodules.lacking(plan.folder) if any(path in line for line in said)]
    told = submodules.fetching(plan.folder, paths) if paths else ""
    settings = left_out.without_folders(said, plan.folder, plan.language)
    return _or_without("what needs the folder", settings, told)


def _libraries(
    result: Result, said: Sequence[str], plan: Plan, options: Options, table: Table
) -> str:
    """Return how to get the libraries that a build lacked, or to build without them, or ""."""
    told = _packages(result, said, plan, options, table)
    settings = left_out.without_packages(said, plan.folder, plan.language)
    if settings and not told and result.error is not None:
        told = result.error.hint
    further = left_out.further_packages(said, plan.folder, plan.language) if settings else ()
    listed = ", ".join(f"{name} ({setting})" for name, setting in further)
    later = f"CMake has not looked for these yet: {listed}" if listed else ""
    return "\n".join(filter(None, (_or_without("it", settings, told), later)))


def _or_without(what: str, settings: Sequence[str], told: str) -> str:
    """Return a hint, and with which arguments to build without something if there are any.

    :param told: the hint so far, or ""
    """
    if not settings:
        return told
    without = f"build without {what}: {_arguments(settings)}"
    return f"{told}\nor {without}" if told else without


def _arguments(settings: Sequence[str]) -> str:
    return f"xxpy build … -- {' '.join(settings)}"


def _other_system(error: XxpyError, plan: Plan) -> str:
    """Return which other build system the project has, if its own refuses the sources, or ""."""
    there = detect.found(plan.folder)
    mark = there.get(plan.language, "")
    if error.hint or not mark or not re.match(rf"{re.escape(mark)}:\d", error.message):
        return ""
    return next(
        (
            f"the project has {file} too: --language {name}"
            for name, file in there.items()
            if name != plan.language
            and LANGUAGES[name].build_system
            and (file in marks.AUTOTOOLS or not (plan.folder / f"{file}.in").is_file())
        ),
        "",
    )


def _packages(
    result: Result, said: Sequence[str], plan: Plan, options: Options, table: Table
) -> str:
    """Return what ``--sysroot auto`` takes or looks for, or "" if it does not help."""
    wanted = options.sysroots.get(result.platform)
    if (
        result.error is None
        or plan.language not in LANGUAGES
        or result.platform in options.automatic
        or isinstance(wanted, Added)
    ):
        return ""
    needs = lacking(said, plan.folder)
    source = _source(result.platform, wanted, options, table) if needs else None
    if source is None:
        return _by_hand(needs, result.error.hint, result.platform, plan)
    exact, hint = _hint(needs, source, wanted)
    before = result.error.hint.splitlines()  # the further lines say what else is missing
    return "\n".join(filter(None, (hint, *(before[1:] if exact else before))))


def _by_hand(needs: Sequence[Need], told: str, platform: Platform, plan: Plan) -> str:
    """Return what a build may lack of a platform without packages, or "" if a hint says it.

    :param told: the hint so far
    """
    step = next((one for one in plan.steps if one.platform == platform), None)
    advice = "" if told or not needs or step is None else step.advice()
    if not advice:
        return ""
    named = (one.things[:1] if one.things[0].kind is Kind.MODULE else one.things for one in needs)
    listed = " or ".join(list(dict.fromkeys(map(str, chain(*named))))[:_THINGS])
    return f"the platform may lack {listed}: {advice}"


def _source(
    platform: Platform, wanted: Spec | None, options: Options, table: Table
) -> Source | None:
    """Return the release that ``--sysroot auto`` takes packages from, or None."""
    name = None if options.libc is None else c_library.read(options.libc)[0]
    target = model.target(table, platform, name, options.environment_of(platform))
    machine = facts.release()
    own = (machine.id, machine.version)
    best = availability.best(target.row, target.libc, table, own)
    if best is None:
        return None
    return release.source(best[0] if wanted is None else wanted.distribution, target.row, table)


def _hint(needs: Sequence[Need], source: Source, wanted: Spec | None) -> tuple[bool, str]:
    """Return the hint, and whether it is certain because the cache has the release's contents."""
    index = contents.known(source)
    if index is None:
        what = ", ".join(dict.fromkeys(map(str, needs)))
        return (
            False,
            f"add --sysroot auto --save, which looks for {what} in the packages of {source.name}",
        )
    have = (*(wanted.packages if wanted is not None else ()), *source.essentials)
    found = provide.answer(needs, index, have, source.archive.preferred)
    if found.taken:
        packages = " and ".join(one.package for one in found.taken)
        return True, f"add --sysroot auto --save, which takes {packages} of {source.name}"
    lines = [
        f"{one.need} is in several packages of {source.name}, {', '.join(one.packages)}: add one to"
        " packages of sysroot in xxpy.toml"
        for one in found.unclear
    ]
    return bool(lines), "\n".join(lines)
