"""``xxpy shell``: a shell with one platform's environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from xxpy.cli import common
from xxpy.cli.exec import become

if TYPE_CHECKING:
    from xxpy.cli.common import KitOptions


@click.command(
    epilog="""\b
Examples:
  xxpy shell --platform linux/arm64"""
)
@common.platform_option
@common.kit_options
def command(platform: str | None, options: KitOptions) -> None:
    """Start your shell with the environment of a platform; leave it with exit.

    XXPY_PLATFORM holds the platform, for a prompt.
    """
    read = common.read_platform(platform)
    environment = options.environment(read, dict(os.environ))
    become([os.environ.get("SHELL") or "/bin/sh"], {**environment, "XXPY_PLATFORM": str(read)})
