"""``xxpy matrix``: the matrix for a CI service, or a whole workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from xxpy import extras
from xxpy.cli import common, fleet
from xxpy.errors import UsageError
from xxpy.fleet import matrix
from xxpy.machine import resources

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.request.platforms import Asked


@click.command(
    epilog="""\b
Examples:
  xxpy matrix --format json --platform linux/amd64,linux/arm64
  echo "matrix=$(xxpy matrix --format github)" >> "$GITHUB_OUTPUT"
  xxpy matrix --format github --workflow --output .github/workflows/image.yml
  xxpy matrix --format gitlab --workflow > .gitlab-ci.yml"""
)
@fleet.project_options
@click.option(
    "--format",
    "format_",
    type=click.Choice([*matrix.FORMATS, "json"]),
    default="json",
    show_default=True,
    help="CI service, or plain JSON.",
)
@click.option(
    "--workflow",
    is_flag=True,
    help="Write a whole workflow: one job per platform, and one that joins their images.",
)
@click.option(
    "--runner",
    metavar="LABEL",
    help="Runner for platforms without a native one.  [default: the service's first]",
)
@common.output_option
@common.json_option
def command(  # noqa: PLR0917 - one parameter an option
    directory: Path,
    asked: Asked,
    config: Path | None,
    format_: str,
    runner: str | None,
    output: Path | None,
    *,
    workflow: bool,
    as_json: bool,
) -> None:
    """Write a CI matrix for the project in DIRECTORY, with one job per platform.

    Each job has its platform, a name for artifacts, a runner and a strategy. A platform gets the
    service's native runner if there is one. A workflow builds images, so it has jobs only for the
    platforms that images are for. A platform with neither a native runner nor a strategy gets no
    job, and the exit status is 5.
    """
    format_ = common.format_of(format_, as_json=as_json)
    if workflow and format_ == "json":
        choices = " or --format ".join(matrix.FORMATS)
        raise UsageError("--workflow needs a CI service", f"--format {choices}")
    found = fleet.read(directory, asked, config)
    if workflow:
        found = fleet.of_image(found)
    service = next(iter(matrix.FORMATS)) if format_ == "json" else format_
    jobs = matrix.jobs(service, found.decisions, resources.table(), runner, images=workflow)
    if workflow:
        text = matrix.workflow(
            service,
            jobs,
            found.settings.image,
            resources.texts("templates", "**/*.j2"),
            extras.pinned(),
        )
    else:
        text = matrix.plain(format_, jobs)
    common.write_or_print(output, text)
    made = {job.platform for job in jobs}
    fleet.refuse(decision for decision in found.decisions if str(decision.platform) not in made)
