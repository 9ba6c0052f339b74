"""Print commands that create a builder for many platforms.

See https://docs.docker.com/build/builders/drivers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.table.platform import Platform

DRIVERS: Final[Mapping[str, str]] = {
    "docker-container": "BuildKit in a container, on this machine and on each node",
    "kubernetes": "BuildKit in pods, one for each node",
    "remote": "BuildKit daemons that already run, one for each node",
    "cloud": "a Docker Build Cloud builder, which has its own nodes",
}
"""Each buildx driver that builds for several platforms, with what it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One node.

    :param endpoint: where it is: ``ssh://user@machine``, ``tcp://machine:1234``
    :param platforms: what it builds for
    """

    name: str
    endpoint: str
    platforms: tuple[Platform, ...]


def commands(
    driver: str, name: str, places: Sequence[Place], endpoint: str = ""
) -> list[list[str]]:
    """Return the commands that create the builder *name* and select it, as argument lists.

    :param places: its nodes; with ``docker-container`` this machine is the first one, and these
        are added to it
    :param endpoint: ``organisation/builder`` of Docker Build Cloud
    :raises UsageError: the driver is unknown, or something that it needs is missing
    """
    if driver not in DRIVERS:
        raise UsageError(
            f"unknown driver {driver}",
            nearest(driver, DRIVERS) or f"expected one of: {', '.join(DRIVERS)}",
        )
    _check(driver, places, endpoint)
    create = ["docker", "buildx", "create", "--driver", driver]
    match driver:
        case "cloud":
            return [
                [*create, endpoint],
                ["docker", "buildx", "use", f"cloud-{endpoint.replace('/', '-')}"],
            ]
        case "remote":
            made = _nodes(create, name, places)
        case "kubernetes":
            made = _nodes(create, name, places) or [[*create, "--name", name, "--bootstrap"]]
        case _:
            made = [
                [*create, "--name", name],
                *(_node(create, name, place, further=True) for place in places),
            ]
    return [
        *made,
        ["docker", "buildx", "use", name],
        ["docker", "buildx", "inspect", "--bootstrap", name],
    ]


def _check(driver: str, places: Sequence[Place], endpoint: str) -> None:
    """Refuse a builder that lacks something.

    :raises UsageError: an endpoint, a node or a node's platforms are missing
    """
    for place in places:
        if not place.endpoint and driver != "kubernetes":
            raise UsageError(
                f"node {place.name} has no endpoint", "write --node ssh://user@machine=linux/arm64"
            )
        if not place.platforms:
            raise UsageError(
                f"node {place.name} has no platforms", "write --node ssh://user@machine=linux/arm64"
            )
    if driver == "cloud" and not endpoint:
        raise UsageError(
            "the cloud driver needs a builder",
            "xxpy builder --driver cloud --endpoint ORGANISATION/BUILDER",
        )
    if driver == "remote" and not places:
        raise UsageError(
            "the remote driver needs nodes",
            "xxpy builder --driver remote --node tcp://machine:1234=linux/arm64",
        )


def _nodes(create: Sequence[str], name: str, places: Sequence[Place]) -> list[list[str]]:
    """Return the commands that create a builder of these nodes: all but the first are appended."""
    return [_node(create, name, place, further=number > 0) for number, place in enumerate(places)]


def _node(create: Sequence[str], name: str, place: Place, *, further: bool) -> list[str]:
    """Return the command that creates a builder with one node, or appends a further node."""
    append = ["--append"] if further else []
    where = [place.endpoint] if place.endpoint else []
    return [
        *create,
        "--name",
        name,
        *append,
        "--node",
        place.name,
        "--platform",
        ",".join(map(str, place.platforms)),
        *where,
    ]
