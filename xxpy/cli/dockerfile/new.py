"""``xxpy dockerfile new``: write a Dockerfile that cross-compiles."""

from __future__ import annotations

from pathlib import Path

import click

from xxpy.cli.dockerfile import sources
from xxpy.dockerfile.write import parts
from xxpy.dockerfile.write import recipe as recipes
from xxpy.errors import OutputError
from xxpy.machine import files


@click.command(
    epilog="""\b
Examples:
  xxpy dockerfile new --language go --name server >Dockerfile
  xxpy dockerfile new --language c --build-system cmake --runtime distroless -o Dockerfile
  xxpy dockerfile new --language rust --base alpine --runtime alpine"""
)
@click.option("--language", required=True, metavar="LANGUAGE", help="go, rust, c or c++.")
@click.option(
    "--build-system",
    default="",
    metavar="SYSTEM",
    help="make, cmake, meson or autotools for C; without it the compiler alone.",
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
    type=click.Choice(recipes.MODES),
    default="xx",
    help="How the compilers learn the target.",
    show_default=True,
)
@click.option("--name", default="app", help="The name of the program.", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE instead of printing.",
)
@click.option("--write", is_flag=True, help="Let --output replace a file that is there.")
def command(
    *,
    language: str,
    build_system: str,
    base: str,
    runtime: str,
    mode: str,
    name: str,
    output: Path | None,
    write: bool,
) -> None:
    """Write a Dockerfile that cross-compiles: a build stage with cache mounts, a verified program, an image without rights.

    Its marker lines let check tell when the templates moved; delete them once you change the file by hand.
    """
    text = parts.new(
        sources.sources(), recipes.Wish(language, build_system, base, runtime, mode, name)
    )
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists() and not write:
        raise OutputError(f"{output} is there already", "--write replaces it")
    files.write(output, text, keep_mode=True)
