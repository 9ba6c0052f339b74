"""``xxpy dockerfile lsp``: check and convert in an editor."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import bounds, extras
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
    # Report what is missing now, not with the first file.
    syntax.parse("FROM scratch\nRUN true\n")

    def judge(text: str, name: str) -> list[Finding]:
        return sources.findings(syntax.parse(text), text, names, name)

    def converted(text: str, path: str) -> str:
        return convert(text, Path(path), asked).text

    _say_in_one_line()
    service = Service(judge, converted, sources.sources().table, sources.known())
    server(service, __version__).start_io()


class _Line(logging.Formatter):
    """Format a record as one line: malformed input from a client is not a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return bounds.plain(f"{record.levelname.lower()}: {record.getMessage().splitlines()[0]}")


def _say_in_one_line() -> None:
    """Let the server tell what is wrong with messages on stderr, which editors show in a log."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Line())
    logger = logging.getLogger("pygls")
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
