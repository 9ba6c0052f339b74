"""The commands that make a builder for many platforms (https://docs.docker.com/build/builders/drivers)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xxpy.table.platform import Platform

DRIVERS: Final[Mapping[str, str]] = {
    "docker-container": "a BuildKit in a container, here and on each node",
    "kubernetes": "BuildKit in pods, which are the nodes",
    "remote": "BuildKit daemons that run already, each a node",
    "cloud": "a builder of Docker Build Cloud, which has its own nodes",
}
"""Each driver of buildx that builds for several platforms, with what it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One node: a name, where it is (``ssh://user@machine``, ``tcp://machine:1234``) and the platforms that it builds for."""

    name: str
    endpoint: str
    platforms: tuple[Platform, ...]


def commands(
    driver: str, name: str, places: Sequence[Place], endpoint: str = ""
) -> list[list[str]]:
    """Return the commands that make the builder *name* and choose it, as argument lists.

    :param places: its nodes; with ``docker-container`` this machine is the first, and these are
        further ones
    :param endpoint: ``organisation/builder`` of the cloud
    :raises UsageError: no such driver, or it lacks what it needs
    """
    if driver not in DRIVERS:
        raise UsageError(
            f"unknown driver {driver}",
            nearest(driver, DRIVERS) or f"known are {', '.join(DRIVERS)}",
        )
    for place in places:
        if not place.endpoint and driver != "kubernetes":
            raise UsageError(
                f"node {place.name} has no endpoint", "write --node ssh://user@machine=linux/arm64"
            )
        if not place.platforms:
            raise UsageError(
                f"node {place.name} has no platforms", "write --node ssh://user@machine=linux/arm64"
            )
    create = ["docker", "buildx", "create", "--driver", driver]
    match driver:
        case "cloud":
            if not endpoint:
                raise UsageError(
                    "the cloud driver needs a builder",
                    "xxpy builder --driver cloud --endpoint ORGANISATION/BUILDER",
                )
            return [
                [*create, endpoint],
                ["docker", "buildx", "use", f"cloud-{endpoint.replace('/', '-')}"],
            ]
        case "remote":
            if not places:
                raise UsageError(
                    "the remote driver needs nodes",
                    "xxpy builder --driver remote --node tcp://machine:1234=linux/arm64",
                )
            made = [
                _node(create, name, place, further=number > 0)
                for number, place in enumerate(places)
            ]
        case "kubernetes":
            made = (
                [[*create, "--name", name, "--bootstrap"]]
                if not places
                else [
                    _node(create, name, place, further=number > 0)
                    for number, place in enumerate(places)
                ]
            )
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


def _node(create: Sequence[str], name: str, place: Place, *, further: bool) -> list[str]:
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
