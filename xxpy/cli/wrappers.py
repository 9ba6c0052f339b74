"""``xxpy wrappers``: list, show or export the ``xx-*`` commands, or make their image."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from xxpy import wrappers
from xxpy.cli import common, printing
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


@command.command(name="list", epilog="Example: xxpy wrappers list --json")
@common.json_option
def list_(*, as_json: bool) -> None:
    """List the commands."""
    if as_json:
        printing.print_json({name: one.summary for name, one in wrappers.COMMANDS.items()})
        return
    for name, one in wrappers.COMMANDS.items():
        printing.show(f"{name:<12}{one.summary}")


@command.command(epilog="Example: xxpy wrappers show xx-go")
@click.argument("name")
@common.json_option
def show(name: str, *, as_json: bool) -> None:
    """Print the script NAME."""
    text = wrappers.render(name, resources.table(), resources.texts("templates", "commands/*.sh"))
    if as_json:
        printing.print_json({"name": name, "text": text})
    else:
        printing.give(text, nl=False)


@command.command(epilog="Example: xxpy wrappers export ./xx")
@click.argument("directory", type=click.Path(path_type=Path))
@common.json_option
def export(directory: Path, *, as_json: bool) -> None:
    """Write all commands below DIRECTORY as in the image: DIRECTORY/usr/bin/xx-info and so on.

    Files that are already there and equal are left alone, so that build caches stay valid.
    """
    rendered = wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))
    for path, text in rendered.items():
        files.write(directory / path, text, executable=True)
    if as_json:
        printing.print_json({"path": str(directory), "files": list(map(str, rendered))})
    else:
        printing.say(f"{len(rendered)} commands in {directory / wrappers.FOLDER}", err=True)


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
@common.json_option
def image(output: Path, tags: tuple[str, ...], *, as_json: bool) -> None:
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
    if as_json:
        platforms = list(map(str, contents))
        printing.print_json({"path": str(output), "digest": digest, "platforms": platforms})
        return
    printing.show(f"{output}  {digest}  {len(rendered)} commands for {len(contents)} platforms")
