"""``xxpy wrappers``: list, show or export the ``xx-*`` commands, or make their image."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from xxpy import wrappers
from xxpy.cli import printing
from xxpy.cli.image import created
from xxpy.image import build
from xxpy.image.layer import Entry
from xxpy.machine import files, resources
from xxpy.table.platform import parse


@click.group(
    epilog="""\b
Examples:
  xxpy wrappers export ./xx
  docker buildx build --build-context xx=./xx --platform linux/amd64,linux/arm64 .
  xxpy wrappers show xx-info | less"""
)
def command() -> None:
    """Manage the xx-* commands for Dockerfiles: small sh scripts without Python.

    In a Dockerfile, COPY --from=xx / / adds them to a build stage.
    """


@command.command(name="list")
def list_() -> None:
    """List the commands."""
    for name, one in wrappers.COMMANDS.items():
        printing.show(f"{name:<12}{one.summary}")


@command.command(epilog="Example: xxpy wrappers show xx-go")
@click.argument("name")
def show(name: str) -> None:
    """Print the script NAME."""
    printing.give(
        wrappers.render(name, resources.table(), resources.texts("templates", "commands/*.sh")),
        nl=False,
    )


@command.command(epilog="Example: xxpy wrappers export ./xx")
@click.argument("directory", type=click.Path(path_type=Path))
def export(directory: Path) -> None:
    """Write all commands below DIRECTORY as in the image: DIRECTORY/usr/bin/xx-info and so on.

    Files that are already there and equal are left alone, so that build caches stay valid.
    """
    rendered = wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))
    for path, text in rendered.items():
        files.write(directory / path, text, executable=True)
    printing.show(f"{len(rendered)} commands in {directory / wrappers.FOLDER}", err=True)


@command.command(
    epilog="Example: xxpy wrappers image --output xx.oci.tar && docker load --input xx.oci.tar"
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="OCI archive to write.",
)
@click.option(
    "--tag",
    "-t",
    "tags",
    multiple=True,
    default=("xx",),
    show_default=True,
    metavar="NAME",
    help="Name of the image. May be repeated.",
)
def image(output: Path, tags: tuple[str, ...]) -> None:
    """Write the image for COPY --from=xx: only the commands, for every platform, in one layer."""
    table = resources.table()
    rendered = wrappers.render_all(table, resources.texts("templates", "commands/*.sh"))
    entries = tuple(
        Entry(PurePosixPath("/", path), text.encode(), executable=True)
        for path, text in rendered.items()
    )
    contents = {parse(key, table.words): entries for key in table.rows}
    digest = build.write(
        output, contents, build.Settings(created=created(), tags=tags), table.words
    )
    printing.show(f"{output}  {digest}  {len(rendered)} commands for {len(contents)} platforms")
