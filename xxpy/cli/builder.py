"""``xxpy builder``: the commands that create a builder for many platforms."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from xxpy import configuration
from xxpy.cli import common, printing
from xxpy.errors import UsageError
from xxpy.fleet import builder
from xxpy.fleet.builder import DRIVERS, Place


@click.command(
    epilog="""\b
Examples:
  xxpy builder
  xxpy builder --node ssh://me@arm.example=linux/arm64,linux/arm/v7 | sh
  xxpy builder --driver remote --node tcp://a:1234=linux/amd64 --node tcp://b:1234=linux/arm64
  xxpy builder --driver kubernetes --node =linux/arm64
  xxpy builder --driver cloud --endpoint organisation/builder"""
)
@click.option(
    "--driver",
    type=click.Choice(list(DRIVERS)),
    default="docker-container",
    show_default=True,
    help="; ".join(f"{name}: {text}" for name, text in DRIVERS.items()) + ".",
)
@click.option(
    "--name", default="xxpy", show_default=True, metavar="NAME", help="Name of the builder."
)
@click.option(
    "--node",
    "nodes",
    multiple=True,
    metavar="ENDPOINT=LIST",
    help="Node and its platforms. May be repeated.  [default: those in xxpy.toml]",
)
@click.option(
    "--endpoint",
    default="",
    metavar="ORGANISATION/BUILDER",
    help="Builder in Docker Build Cloud.",
)
@common.json_option
def command(
    driver: str, name: str, nodes: tuple[str, ...], endpoint: str, *, as_json: bool
) -> None:
    """Print the commands that create a builder for many platforms, without running them.

    Each platform is built natively on the node that has it. Platforms that no node has need
    cross-compilation, or QEMU on the first node.
    """
    places = [_place(number, text) for number, text in enumerate(nodes)]
    if not nodes:
        settings = configuration.load(Path())
        places = [
            Place(key, node.endpoint, common.read_platforms(node.platforms))
            for key, node in settings.node.items()
        ]
    commands = builder.commands(driver, name, places, endpoint)
    if as_json:
        printing.print_json(commands)
        return
    for words in commands:
        printing.give(shlex.join(words))


def _place(number: int, text: str) -> Place:
    """Return the node in ``--node ENDPOINT=LIST``.

    :raises UsageError: the platforms are missing
    """
    where, separator, platforms = text.rpartition("=")
    if not separator or not platforms:
        raise UsageError(
            f"--node {text}: the platforms are missing",
            "write --node ssh://user@machine=linux/arm64",
        )
    return Place(f"node{number}", where, common.read_platforms([platforms]))
