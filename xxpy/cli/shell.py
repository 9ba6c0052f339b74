"""``xxpy shell``: start a shell in the environment of a platform."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from xxpy.cli.exec import become
from xxpy.cli.request import request_options

if TYPE_CHECKING:
    from xxpy.cli.request import Request


@click.command(
    epilog="""\b
Examples:
  xxpy shell --platform linux/arm64"""
)
@request_options
def command(request: Request) -> None:
    """Start your shell in the environment of a platform; leave it with exit.

    XXPY_PLATFORM has the platform, for a prompt.
    """
    become(
        [os.environ.get("SHELL") or "/bin/sh"],
        {**request.environment(), "XXPY_PLATFORM": str(request.platform)},
    )
