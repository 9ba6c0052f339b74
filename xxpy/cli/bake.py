"""``xxpy bake``: the file for docker buildx bake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xxpy.cli import common, fleet, printing
from xxpy.fleet import bake
from xxpy.machine import resources

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.request.platforms import Asked


@click.command(
    epilog="""\b
Examples:
  xxpy bake --platform linux/amd64,linux/arm64 > docker-bake.json
  xxpy bake --format hcl --output docker-bake.hcl
  docker buildx bake --print
  docker buildx bake image-cross"""
)
@fleet.project_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["json", "hcl"]),
    default="json",
    show_default=True,
    help="Format of the file.",
)
@common.output_option
@common.json_option
def command(
    directory: Path,
    asked: Asked,
    config: Path | None,
    format_: str,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write a docker buildx bake file that builds the image of the project in DIRECTORY.

    The target image has all platforms. Each strategy of `xxpy plan` has a target of its own
    (image-native, image-cross, image-node-NAME, image-emulation), so that its platforms can be
    built separately. Tags, cache, named contexts and attestations come from [image] in xxpy.toml.
    If no strategy works for a platform, it is left out of the file, and the exit status is 5.
    """
    found = fleet.of_image(fleet.read(directory, asked, config))
    document = bake.document(
        found.settings.image,
        [decision for decision in found.decisions if decision.strategy is not None],
    )
    if common.format_of(format_, as_json=as_json) == "hcl":
        common.write_or_print(output, bake.hcl(document, resources.texts("templates", "**/*.j2")))
    else:
        common.write_or_print(output, printing.json_text(document))
    fleet.refuse(decision for decision in found.decisions if decision.strategy is None)
