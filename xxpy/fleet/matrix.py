"""The CI matrix: one job per platform, and a workflow that merges the results into one index.

Each job builds one platform and pushes it by digest; the last job joins all digests under one name
with ``docker buildx imagetools create``
(https://docs.docker.com/build/ci/github-actions/multi-platform).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError
from xxpy.fleet.strategy import Strategy
from xxpy.templates import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.configuration import Image
    from xxpy.fleet.strategy import Decision
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

COMMANDS: Final = "xx"
"""The named context of the xx-* commands, and the folder that they are exported to."""

FORMATS: Final[Mapping[str, str]] = {
    "github": "fleet/github.yml.j2",
    "gitlab": "fleet/gitlab.yml.j2",
}
"""The CI services, each with the template of its workflow."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of the matrix.

    :param pair: the platform as the name of an artifact, ``linux-arm-v7``
    :param runner: the label of the machine that it runs on
    :param native: whether that machine runs programs of the platform
    :param strategy: the strategy; ``native`` on a native runner if this machine has no strategy
    """

    platform: str
    pair: str
    runner: str
    native: bool
    strategy: str

    def document(self) -> dict[str, object]:
        """Return the job as a JSON document."""
        return {
            "platform": self.platform,
            "pair": self.pair,
            "runner": self.runner,
            "native": self.native,
            "strategy": self.strategy,
        }


def jobs(
    service: str, decisions: Sequence[Decision], table: Table, default: str | None, *, images: bool
) -> tuple[Job, ...]:
    """Return the jobs, each on the service's native runner for its platform if there is one.

    A platform with neither a native runner nor a strategy has no job.

    :param service: the table's column with the labels
    :param default: the label for platforms without a native runner; None takes the first label of
        the table
    :param images: whether the jobs build images, which only runners of the first label's system do
    :raises UnsupportedPlatformError: the table has no runner of the service
    """
    labels = {
        key: label for key, row in table.rows.items() if (label := _label(row, service)) is not None
    }
    if not labels:
        raise UnsupportedPlatformError(
            f"the table has no {service} runner", "xxpy platforms --json shows the columns"
        )
    first = next(iter(labels))
    fallback = default or labels[first]
    made = []
    for decision in decisions:
        fits = not images or decision.platform.os == table.rows[first].platform.os
        own = labels.get(decision.platform.key) if fits else None
        strategy = decision.strategy or (Strategy.NATIVE if own is not None else None)
        if strategy is not None:
            pair = decision.platform.key.replace("/", "-")
            runner = own or fallback
            made.append(Job(str(decision.platform), pair, runner, own is not None, strategy.value))
    return tuple(made)


def _label(row: Row, service: str) -> str | None:
    group = getattr(row, service)
    return None if group is None else str(group.runner)


def workflow(
    service: str,
    found: Sequence[Job],
    image: Image,
    templates: Mapping[str, str],
    source: str | None = None,
) -> str:
    """Return a whole workflow file for the service.

    :param source: what pip installs xxpy from, at one commit or hash; without it the commands are
        expected in the repository, because a name alone may be anybody's on an index
    """
    exported = image.contexts.get(COMMANDS) == COMMANDS
    return (
        environment(templates)
        .get_template(FORMATS[service])
        .render(
            jobs=found,
            context=image.context,
            dockerfile=f"{image.context.rstrip('/')}/{image.dockerfile}",
            contexts=[f"{name}={place}" for name, place in image.contexts.items()],
            source=source if exported else None,
            committed=exported and source is None,
        )
    )


def plain(format_: str, found: Sequence[Job]) -> str:
    """Return only the jobs, for GitHub's ``fromJSON`` or GitLab's ``parallel``, or as a list."""
    documents = [job.document() for job in found]
    match format_:
        case "github":
            return json.dumps({"include": documents}) + "\n"
        case "gitlab":
            shouted = [
                {key.upper(): str(value) for key, value in document.items()}
                for document in documents
            ]
            return json.dumps(shouted) + "\n"
        case _:
            return json.dumps(documents, indent=2) + "\n"
