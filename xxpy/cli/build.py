"""``xxpy build``: build for many platforms at once, and verify every result."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xxpy import bounds
from xxpy.cli import common, printing, rounds
from xxpy.cli.impossible import refuse
from xxpy.cli.platform_options import platforms_option
from xxpy.cli.report import choice
from xxpy.cli.request import kit_options, place_options
from xxpy.cli.tidy import tidy
from xxpy.errors import BuildError
from xxpy.language.registry import LANGUAGES
from xxpy.machine import files, resources
from xxpy.request.build import Flags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xxpy.request.build import KitOptions
    from xxpy.request.platforms import Asked
    from xxpy.runner.plan import Plan
    from xxpy.runner.results import Result


@click.command(
    cls=common.WithRest,
    epilog="""\b
Examples:
  xxpy build --platform linux/amd64,linux/arm64,windows/amd64
  xxpy build ./server --platform 'linux/*' --output bin --keep-going
  xxpy build --platform all --dry-run
  xxpy build -p linux/arm64 -- -tags netgo ./cmd/server""",
)
@click.argument("directory", type=click.Path(path_type=Path, readable=False), default=".")
@platforms_option()
@place_options
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the results, with one folder per platform.  [default: dist]",
)
@click.option(
    "--language",
    metavar="NAME",
    help=f"Kind of project, if it is ambiguous: {', '.join(LANGUAGES)}.",
)
@kit_options
@click.option(
    "--run-tests/--no-run-tests",
    default=None,
    help="Run the project's own tests, under an emulator if needed.",
)
@click.option(
    "--save",
    is_flag=True,
    help="Write the packages that --sysroot auto has found to xxpy.toml.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    metavar="N",
    help="Number of platforms to build at once.  [default: number of cores]",
)
@click.option(
    "--keep-going/--fail-fast", default=None, help="Continue with the other platforms if one fails."
)
@click.option(
    "--reuse/--no-reuse",
    default=None,
    help="Use the results of the last build if nothing it read has changed.  [default: no-reuse]",
)
@click.option(
    "--incremental/--no-incremental",
    default=None,
    help="Compile only what has changed in C and C++ projects.  [default: no-incremental]",
)
@click.option("--dry-run", is_flag=True, help="Print the plan as JSON and build nothing.")
@click.option(
    "--explain", is_flag=True, help="Show which compiler is used and why, and build nothing."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON event per line.")
@click.pass_context
def command(  # noqa: PLR0917 - one parameter an option
    ctx: click.Context,
    directory: Path,
    asked: Asked,
    config: Path | None,
    output: Path | None,
    language: str | None,
    jobs: int | None,
    keep_going: bool | None,
    reuse: bool | None,
    incremental: bool | None,
    *,
    options: KitOptions,
    run_tests: bool | None,
    save: bool,
    dry_run: bool,
    explain: bool,
    as_json: bool,
) -> None:
    """Build the project in DIRECTORY for each platform, and verify every binary.

    No configuration is needed for a Go module, a Cargo package or workspace, a CMake, Meson,
    autotools or Make project, or a single C or C++ file. Programs, and the files that the project's
    own install step adds, go to OUTPUT/linux_arm64 and so on. xxpy uses the compilers that are
    installed, or those of the extras xxpy[go] and xxpy[zig]; --explain shows which and why.
    Settings can be kept in xxpy.toml. ARGUMENTS are passed to the build tool: go build, cargo
    build, make, or the tool that configures the project.
    """
    _ensure_cache()
    quiet, verbose = printing.MANNER.quiet, printing.MANNER.verbose
    silent = as_json or quiet
    shown = dry_run or explain
    finding = rounds.finding(as_json=as_json, shown=shown)
    flags = Flags(output, common.rest(ctx), options, run_tests, finding)
    plan_for = rounds.Planner(directory, asked, flags, language, config, shown=shown, silent=silent)
    session = rounds.planned(plan_for, finding, None)
    plan = session.plan
    if save and not session.options.automatic:
        raise click.UsageError('--save needs --sysroot auto, or sysroot = "auto" in xxpy.toml')
    if session.note and not silent:
        printing.note(session.note)
    if dry_run:
        printing.print_json(plan.document())
    if explain:
        printing.show("\n".join(plan.explained()))
    going = session.keep_going(keep_going)
    refuse(plan, keep_going=going and not shown, explained=explain)
    if shown:
        return
    _announce(plan, silent=silent)
    commands = session.work if verbose else None
    run = rounds.Rounds(
        plan_for,
        finding,
        partial(choice.choose, as_json=as_json, quiet=quiet, commands=commands),
        jobs=session.jobs(jobs),
        keep_going=going,
        reuse=reuse,
        incremental=incremental,
    )
    try:
        results = run.build(session)
    finally:
        tidy(silent=silent)
    if save:
        rounds.save(session, finding, results)
    _raise(results)


def _ensure_cache() -> None:
    """Make a temporary cache, and say so, if the user's cannot be written to."""
    reason = resources.no_cache()
    temporary = resources.use_temporary_cache()
    if temporary is not None:
        printing.note(f"{reason}: using the temporary cache {temporary}")


def _announce(plan: Plan, *, silent: bool) -> None:
    """Print the notes and warnings of a plan that is going to be built."""
    if not silent:
        _say_once(plan.notes)
        printing.notes(plan.warnings)


def _say_once(notes: Iterable[str]) -> None:
    """Print notes that this user has not seen yet."""
    for note in notes:
        digest = hashlib.sha256(bounds.encoded(note)).hexdigest()[:16]
        if files.write(resources.cache_folder("said") / digest, f"{note}\n"):
            printing.note(note)


def _raise(results: Sequence[Result]) -> None:
    """Raise the error of a build, if any platform has failed.

    :raises XxpyError: a platform failed
    """
    errors = {result.platform: result.error for result in results if result.error is not None}
    if errors:
        kinds = {type(error) for error in errors.values()}
        kind = kinds.pop() if len(kinds) == 1 else BuildError
        raise kind(
            f"{len(errors)} of {len(results)} platforms failed: {', '.join(map(str, errors))}"
        )
