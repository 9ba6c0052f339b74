"""``xxpy env``: print one platform's environment."""

from __future__ import annotations

import shlex

import click

from xxpy import host, resources
from xxpy.cli import common
from xxpy.target import build_environment, resolve


@click.command(
    epilog="""\b
Examples:
  eval "$(xxpy env --platform linux/arm64)"
  xxpy env -p linux/arm/v7 --format json"""
)
@common.platform_option
@click.option("--format", "format_", type=click.Choice(["sh", "json"]), default="sh", show_default=True, help="How to print it.")
def command(platform: str | None, format_: str) -> None:
    """Print the environment of a platform: what `xxpy exec` sets."""
    release = host.release()
    target = resolve(resources.table(), common.read_platform(platform), release.id, os_version=release.version)
    variables = build_environment(target)
    if format_ == "json":
        common.print_json(variables)
        return
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")
