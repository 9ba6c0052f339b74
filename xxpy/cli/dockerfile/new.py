"""``xxpy dockerfile new``: write a Dockerfile that cross-compiles."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from xxpy.cli import common, printing
from xxpy.cli.dockerfile import project, sources
from xxpy.dockerfile.write import parts
from xxpy.dockerfile.write.request import MODES, Request
from xxpy.errors import OutputError, UsageError
from xxpy.machine import files

IGNORE = ".dockerignore"


@click.command(
    epilog="""\b
Examples:
  xxpy dockerfile new -o Dockerfile
  xxpy dockerfile new --language go --package ./cmd/server --port 8080 >Dockerfile
  xxpy dockerfile new --language c --build-system cmake --runtime distroless -o Dockerfile
  xxpy dockerfile new --language rust --base alpine --runtime alpine --health-check health"""
)
@click.option(
    "--chdir",
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=".",
    metavar="DIR",
    help="The project's folder.  [default: .]",
)
@click.option(
    "--language", metavar="LANGUAGE", help="go, rust, c or c++.  [default: the project's]"
)
@click.option(
    "--build-system",
    default="",
    metavar="SYSTEM",
    help="make, cmake, meson or autotools for C; without it the compiler alone.",
)
@click.option(
    "--package",
    default="",
    metavar="PACKAGE",
    help="The program of several: ./cmd/server for Go, a package's name for Cargo.",
)
@click.option(
    "--cgo/--no-cgo",
    default=None,
    help="Whether the Go program has C in it.  [default: as its files say]",
)
@click.option(
    "--base",
    default="debian",
    metavar="BASE",
    help="What to build on: debian or alpine.",
    show_default=True,
)
@click.option(
    "--runtime",
    default="scratch",
    metavar="RUNTIME",
    help="scratch, distroless, debian or alpine.",
    show_default=True,
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="xx",
    help="How the compilers learn the target.",
    show_default=True,
)
@click.option("--name", help="The name of the program.  [default: the project's, or app]")
@click.option(
    "--port",
    "ports",
    multiple=True,
    metavar="PORT",
    help="What the program listens on: 8080, 53/udp. May be repeated.",
)
@click.option(
    "--health-check",
    metavar="ARGUMENTS",
    help="Run the program with ARGUMENTS as the health check, such as health.",
)
@click.option(
    "--certificates/--no-certificates",
    default=True,
    help="Certificates of authorities, for TLS.  [default: with]",
)
@click.option(
    "--time-zones/--no-time-zones", default=True, help="The zones of time.  [default: with]"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write FILE, and a .dockerignore beside it.",
)
@click.option("--write", is_flag=True, help="Let --output replace a file that is there.")
@common.json_option
def command(
    *,
    folder: Path,
    language: str | None,
    build_system: str,
    package: str,
    cgo: bool | None,
    base: str,
    runtime: str,
    mode: str,
    name: str | None,
    ports: tuple[str, ...],
    health_check: str | None,
    certificates: bool,
    time_zones: bool,
    output: Path | None,
    write: bool,
    as_json: bool,
) -> None:
    """Write a Dockerfile that cross-compiles the project in the current folder.

    A build stage with cache mounts and a layer for dependencies, a verified program, and an image
    that runs it as a user without rights. What the options leave open is read from go.mod,
    Cargo.toml and the sources. Its marker lines let check tell when the templates change; delete
    them once you change the file by hand.
    """
    known = sources.sources()
    if language is None:
        language, found = project.language(folder, known)
        build_system = build_system or found
    request = Request(
        language,
        build_system,
        base,
        runtime,
        mode,
        package=package,
        certificates=certificates,
        zones=time_zones,
        health=_words(health_check),
        ports=ports,
    )
    asked = project.Asked(cgo, name)
    if language in known.recipes.languages:
        request, notes = project.complete(request, asked, folder, known)
        for note in notes:
            printing.note(note)
    text = parts.new(known, request)
    if output is not None:
        if output.exists() and not write:
            raise OutputError(f"{output} already exists", "--write replaces it")
        files.write(output, text, keep_mode=True)
        _ignore(output.parent / IGNORE, parts.ignore(known, language))
    if as_json:
        printing.print_json({"path": None if output is None else str(output), "text": text})
    elif output is None:
        printing.give(text, nl=False)


def _words(text: str | None) -> tuple[str, ...]:
    """Return the arguments of the health check.

    :raises UsageError: a quote is open, or there are none
    """
    if text is None:
        return ()
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(
            f"--health-check {text!r} cannot be read: {error}", "close the quote"
        ) from error
    if not words:
        raise UsageError("--health-check needs the arguments of the program", "such as health")
    return words


def _ignore(path: Path, text: str) -> None:
    """Write a ``.dockerignore``, and say so; one that is there stays."""
    if path.exists():
        printing.say(f"{path} already exists and is unchanged", err=True)
        return
    files.write(path, text, keep_mode=True)
    printing.say(f"{path} keeps out of the build what no step reads", err=True)
