"""``xxpy dockerfile lsp``: check and convert in an editor."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import extras
from xxpy.cli.dockerfile import sources
from xxpy.cli.dockerfile.check import foreign
from xxpy.cli.dockerfile.convert import convert
from xxpy.cli.platform_options import platforms_option
from xxpy.dockerfile import syntax
from xxpy.errors import ToolError
from xxpy.version import __version__

if TYPE_CHECKING:
    from xxpy.dockerfile.check import Finding
    from xxpy.request.platforms import Asked

EXTRA: Final = "lsp"
"""The extra with pygls."""


@click.command(epilog="Example: xxpy dockerfile lsp --platform linux/amd64,linux/arm64")
@platforms_option(targets=False)
def command(asked: Asked) -> None:
    """Speak the Language Server Protocol over the standard input and output.

    An editor starts it and shows the findings of check, quick fixes (convert among them), and the
    names of platforms. docs/dockerfile.md says how to set up VS Code, Neovim and Helix.
    """
    if importlib.util.find_spec("pygls") is None:
        raise ToolError("the language server is not installed", extras.command(EXTRA))
    from xxpy.dockerfile.lsp.server import Service, server  # noqa: PLC0415 - needs the extra

    names = foreign(asked)
    # What is missing is said now, and not with the first file.
    syntax.parse("FROM scratch\nRUN true\n")

    def judge(text: str, name: str) -> list[Finding]:
        return sources.findings(syntax.parse(text), text, names, name)

    def converted(text: str, path: str) -> str:
        return convert(text, Path(path), asked).text

    service = Service(judge, converted, sources.sources().table, sources.known())
    server(service, __version__).start_io()
