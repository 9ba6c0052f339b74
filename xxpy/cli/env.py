"""``xxpy env``: print one platform's environment."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Final

import click

from xxpy.cli import common, printing
from xxpy.cli.request import request_options
from xxpy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.cli.request import Request


def _make(name: str, value: str) -> str:
    """Return an assignment that make reads as exactly this value."""
    if re.search(r"[\n#]", value):
        raise UsageError(
            f"{name} has a value that make cannot read: {value!r}", "use --format sh or json"
        )
    return f"export {name} := {value.replace('$', '$$')}"


def _github(name: str, value: str) -> str:
    """Return a line for the file that GITHUB_ENV names."""
    if "\n" in value:
        raise UsageError(f"{name} has a value of several lines", "use --format sh or json")
    return f"{name}={value}"


FORMATS: Final[dict[str, Callable[[str, str], str]]] = {
    "sh": lambda name, value: f"export {name}={shlex.quote(value)}",
    "github": _github,
    "make": _make,
}
"""How each format writes one variable; JSON writes one document."""


@click.command(
    epilog="""\b
Examples:
  eval "$(xxpy env --platform linux/arm64)"
  xxpy env -p linux/arm/v7 --format json
  xxpy env -p linux/arm64 --format github >> "$GITHUB_ENV"
  xxpy env -p linux/arm64 --format make > cross.mk"""
)
@request_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["sh", "json", *list(FORMATS)[1:]]),
    default="sh",
    show_default=True,
    help="Output format.",
)
@common.json_option
def command(request: Request, format_: str, *, as_json: bool) -> None:
    """Print the environment for a platform, as `xxpy exec` sets it.

    The variables name the platform as BuildKit and Go do. If a compiler for the platform is
    installed, CC, CXX, AR, PKG_CONFIG and so on are set too, and the folder of these commands is
    first on PATH.
    """
    format_ = common.format_of(format_, as_json=as_json)
    before = dict(os.environ)
    variables = request.environment(lenient=True)
    changed = {
        name: value
        for name, value in variables.items()
        if before.get(name) != value or name not in before
    }
    if format_ == "json":
        printing.print_json(changed)
        return
    for name, value in changed.items():
        printing.give(FORMATS[format_](name, value))
