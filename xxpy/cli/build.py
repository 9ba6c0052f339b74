"""``xxpy build``: many platforms at once, each verified."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xxpy import configuration
from xxpy.binary.verify import version
from xxpy.build import run
from xxpy.cli import common
from xxpy.cli.impossible import refuse
from xxpy.cli.platform_options import platforms_option, say, unheard
from xxpy.cli.report import choice, text
from xxpy.cli.request import kit_options, place_options
from xxpy.compiler.compiler import read_libc
from xxpy.errors import BuildError
from xxpy.language import project
from xxpy.language.registry import LANGUAGES
from xxpy.machine import files, resources, trust
from xxpy.request import build as request

if TYPE_CHECKING:
    from xxpy.binary.verify import Requirements
    from xxpy.build.plan import Plan
    from xxpy.configuration import Configuration
    from xxpy.language.language import Language
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.request.build import KitOptions
    from xxpy.request.platforms import Asked
    from xxpy.table.columns import Row
    from xxpy.table.platform import Platform


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
    help="Folder for the results, one folder a platform.  [default: dist]",
)
@click.option("--language", metavar="NAME", help=f"Kind of project, where it is not clear: {', '.join(LANGUAGES)}.")
@kit_options
@click.option("--run-tests/--no-run-tests", default=None, help="Run the project's own tests, under an emulator where one is needed.")
@click.option("--jobs", "-j", type=click.IntRange(1), metavar="N", help="Platforms at once.  [default: number of cores]")
@click.option("--keep-going/--fail-fast", default=None, help="Go on with the other platforms when one fails.")
@click.option("--dry-run", is_flag=True, help="Print the plan as JSON and build nothing.")
@click.option("--explain", is_flag=True, help="Say which compiler is used and why, and build nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON event a line.")
@click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
@click.option("--verbose", "-v", is_flag=True, help="Print every command, so that it can be pasted.")
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
    *,
    options: KitOptions,
    run_tests: bool | None,
    dry_run: bool,
    explain: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Cross-build the project in DIRECTORY for many platforms and verify every binary.

    A Go module, a Cargo package or workspace, a CMake, Meson, autotools or Make project and a single C or C++ file need no configuration.
    Programs and what the project's own install step puts beside them lie in OUTPUT/linux_arm64 and so on. The compilers are those that are
    installed, or come with the extras xxpy[go] and xxpy[zig]; --explain says which and why. What you do not want to type again goes into
    xxpy.toml. ARGUMENTS are those of the build tool: of go build, of cargo build, of make, or of what configures the project.
    """
    reason = resources.no_cache()
    temporary = resources.use_temporary_cache()
    if temporary is not None:
        click.echo(f"note: {reason}: the cache is {temporary}, for this build alone", err=True)
    place, settings = project.read(directory, language, config)
    if dry_run or explain:
        trust.only_read(place.root)
    found = project.kind(place, language or settings.language)
    silent = as_json or quiet
    kind = LANGUAGES[found.language]
    rest = kind.arguments(place, common.rest(ctx))
    wanted = request.options(settings, place.root, asked, request.Flags(output, rest, options, run_tests), unheard if silent else say)
    packages = _packages(place, kind, rest, settings.packages)
    wanted = replace(wanted, packages=packages, shown=dry_run or explain)
    wanted = wanted if silent else replace(wanted, tell=common.tell)
    plan = kind.plan(place.root.resolve(), wanted, resources.table())
    if found.note and not silent:
        click.echo(f"note: {found.note}", err=True)
    if dry_run:
        common.print_json(plan.document())
    if explain:
        click.echo("\n".join(plan.explained()))
    keep_going = bool(settings.keep_going) if keep_going is None else keep_going
    refuse(plan, keep_going=keep_going and not dry_run and not explain, explained=explain)
    if dry_run or explain:
        return
    for note in () if silent else plan.notes:
        if files.write(resources.cache_folder("said") / hashlib.sha256(note.encode()).hexdigest()[:16], f"{note}\n"):
            click.echo(f"note: {note}", err=True)
    _run(
        settings,
        plan,
        wanted,
        choice.choose(plan, as_json=as_json, quiet=quiet, commands=_work(plan) if verbose else None),
        jobs=jobs or settings.jobs or os.cpu_count() or 1,
        keep_going=keep_going,
    )


def _packages(place: Place, language: Language, arguments: tuple[str, ...], configured: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts of the project to build: those that were named, else those of the configuration.

    :param arguments: those behind ``--``, which may name parts, too
    """
    if place.file:
        return (place.file,)
    if language.names_parts(arguments):
        return ()
    return tuple(language.parts(place)) or (() if place.every else configured)


def _run(settings: Configuration, plan: Plan, options: Options, reporter: text.Reporter, *, jobs: int, keep_going: bool) -> None:
    with reporter:
        reporter.begin(min(jobs, len(plan.steps)))
        results = run.run(
            plan,
            resources.table(),
            reporter,
            environment=options.environment,
            logs=resources.cache_folder(f"logs/{_place(plan)}"),
            work=_work(plan),
            jobs=jobs,
            keep_going=keep_going,
            requirements=_requirements(settings, options, plan),
        )
    reporter.end(results)
    errors = {result.platform: result.error for result in results if result.error is not None}
    if errors:
        kinds = {type(error) for error in errors.values()}
        kind = kinds.pop() if len(kinds) == 1 else BuildError
        hint = next((error.hint for platform, error in errors.items() if error.hint and platform not in plan.refused), "")
        raise kind(f"{len(errors)} of {len(results)} platforms failed: {', '.join(map(str, errors))}", hint)


def _place(plan: Plan) -> str:
    """Return the name of a project's folders in the cache, which build tools can take in whatever way they quote."""
    return resources.name_of(plan.folder)


def _work(plan: Plan) -> Path:
    return resources.cache_folder(f"work/{_place(plan)}")


def _requirements(settings: Configuration, options: Options, plan: Plan) -> dict[Platform, Requirements]:
    """Return what is asked of the binaries of each platform: by the configuration, by its part for the platform, by the flags."""
    found = {}
    for step in plan.steps:
        own = options.per_platform.get(step.platform)
        configured = configuration.requirements(settings.verify, own.verify if own is not None else None)
        found[step.platform] = asked(configured, options, resources.table().row(step.platform))
    return found


def asked(configured: Requirements, options: Options, row: Row) -> Requirements:
    """Return what is asked of the binaries of a platform: what the configuration asks, and all that the build was asked for.

    Of two versions of glibc the older one counts.
    """
    static = configured.static or options.static
    if options.libc is None or not row.triple.libc:
        return replace(configured, static=static)
    libc, floor = read_libc(options.libc)
    versions = [found for found in (configured.glibc_max, floor) if found is not None]
    return replace(configured, static=static, libc=libc, linked=True, glibc_max=min(versions, key=version, default=None))
