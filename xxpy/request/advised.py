"""Say how ``--sysroot auto`` helps a build that has failed without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xxpy.errors import BuildError
from xxpy.kit import model
from xxpy.machine import facts
from xxpy.request.finding import lacking
from xxpy.sysroot import Added, Spec, contents, provide, release
from xxpy.table import availability
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xxpy.language.options import Options
    from xxpy.runner.results import Result
    from xxpy.sysroot.needs import Need
    from xxpy.sysroot.release import Source
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


def with_hints(
    results: Iterable[Result], folder: Path, options: Options, table: Table
) -> tuple[Result, ...]:
    """Return results whose hints name ``--sysroot auto`` where it finds what a build lacked.

    :param folder: the folder of the project
    """
    return tuple(_with_hint(result, folder, options, table) for result in results)


def _with_hint(result: Result, folder: Path, options: Options, table: Table) -> Result:
    wanted = options.sysroots.get(result.platform)
    if (
        not isinstance(result.error, BuildError)
        or result.platform in options.automatic
        or isinstance(wanted, Added)
    ):
        return result
    needs = lacking(result, folder)
    source = _source(result.platform, wanted, options, table) if needs else None
    hint = "" if source is None else _hint(needs, source, wanted)
    if not hint:
        return result
    error = BuildError(
        result.error.message,
        "\n".join(filter(None, (hint, result.error.hint))),
        evidence=result.error.evidence,
    )
    return replace(result, error=error)


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


def _hint(needs: Sequence[Need], source: Source, wanted: Spec | None) -> str:
    """Return the hint: the packages, if the cache has the contents of the release."""
    index = contents.known(source)
    if index is None:
        what = ", ".join(dict.fromkeys(map(str, needs)))
        return f"add --sysroot auto --save, which looks for {what} in the packages of {source.name}"
    have = (*(wanted.packages if wanted is not None else ()), *source.essentials)
    found = provide.answer(needs, index, have, source.archive.preferred)
    if found.taken:
        packages = " and ".join(one.package for one in found.taken)
        return f"add --sysroot auto --save, which takes {packages} of {source.name}"
    lines = [
        f"{one.need} is in several packages of {source.name}, {', '.join(one.packages)}: add one to"
        " packages of sysroot in xxpy.toml"
        for one in found.unclear
    ]
    return "\n".join(lines)
