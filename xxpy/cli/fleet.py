"""What the commands for several machines share: configuration, platforms, strategies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xxpy.cli import common, printing, standing
from xxpy.cli.platform_options import platforms_option, say
from xxpy.cli.request import place_options
from xxpy.errors import ProjectError, ToolError, UsageError, XxpyError
from xxpy.fleet.strategy import Means, configured, decide
from xxpy.language import detect, place, project
from xxpy.language.registry import LANGUAGES
from xxpy.machine import facts, resources, trust
from xxpy.request import build as request
from xxpy.request.platforms import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.configuration import Configuration
    from xxpy.fleet.strategy import Decision
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.table.platform import Platform

IMAGES: Final = ("linux/*",)
"""The platforms that images are for."""

_REMOTE: Final = "://"
_Command = TypeVar("_Command", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Fleet:
    """A project, its platforms in order, and the strategy for each.

    :param root: the folder of the project
    :param named: the platforms that the command line has written out
    """

    root: Path
    named: frozenset[Platform]
    settings: Configuration
    nodes: Mapping[str, tuple[Platform, ...]]
    decisions: tuple[Decision, ...]


def project_options(command: _Command) -> _Command:
    """Add DIRECTORY, ``--platform LIST``, ``--target TRIPLE``, ``-C DIR`` and ``--config FILE``."""
    argument = click.argument(
        "directory", type=click.Path(path_type=Path, readable=False), default="."
    )
    return argument(platforms_option()(place_options(command)))


def read(directory: Path, asked: Asked, config: Path | None) -> Fleet:
    """Return the project in *directory* and the strategy for each platform.

    :raises ProjectError: there is no such folder
    :raises ConfigurationError: a strategy is unknown
    """
    if not directory.is_dir():
        raise detect.missing(directory.absolute())
    table = resources.table()
    place, settings = _project(directory, config)
    trust.only_read(place.root)
    wanted = replace(request.options(settings, place.root, asked, request.Flags(), say), shown=True)
    nodes = {name: common.read_platforms(node.platforms) for name, node in settings.node.items()}
    means = _means(_refusals(place, settings, wanted), nodes)
    chosen = configured(settings, wanted.per_platform, say)
    decisions = [
        decide(platform, chosen.get(platform, chosen[None]), means, table)
        for platform in wanted.platforms
    ]
    written = frozenset(asked.read(()).named) if asked else frozenset()
    return Fleet(place.root, written, settings, nodes, tuple(decisions))


def _means(
    refusals: Mapping[Platform, XxpyError], nodes: Mapping[str, tuple[Platform, ...]]
) -> Means:
    """Return what is available to build with.

    :param refusals: why the compilers of this machine cannot build for a platform
    :param nodes: the platforms of each node
    """
    usable = {name for name, flags in facts.handlers().items() if flags}
    unknown = {
        platform: error.message
        for platform, error in refusals.items()
        if isinstance(error, ToolError) and error.unknown
    }
    refused = {
        platform: error.message for platform, error in refusals.items() if platform not in unknown
    }
    here = facts.platform(resources.table().words)
    return Means(here, usable, nodes, refused, unknown)


def of_image(found: Fleet) -> Fleet:
    """Return what concerns the image of a project, which is for the systems that containers have.

    :raises ProjectError: there is no Dockerfile, or no platform of an image
    :raises UsageError: the command line names a platform that is none of an image
    """
    image = found.settings.image
    path = found.root / image.context / image.dockerfile
    if _REMOTE not in image.context and not path.is_file():
        raise ProjectError(
            f"there is no Dockerfile: {standing.seen(path)}",
            "xxpy dockerfile new writes one; dockerfile in [image] of xxpy.toml names another",
        )
    able = set(Asked(IMAGES, variants=True).read(()).platforms)
    others = [one.platform for one in found.decisions if one.platform not in able]
    wrong = [platform for platform in others if platform in found.named]
    if wrong:
        raise UsageError(
            f"images are for {', '.join(IMAGES)}, not for {', '.join(map(str, wrong))}",
            "xxpy build builds programs for them",
        )
    kept = tuple(one for one in found.decisions if one.platform in able)
    if not kept:
        raise ProjectError(
            f"no platform of the project is one for an image: {', '.join(map(str, others))}",
            f"images are for {', '.join(IMAGES)}",
        )
    if others:
        printing.note(
            f"left out of the image, which has no such systems: {', '.join(map(str, others))}"
        )
    return replace(found, decisions=kept)


def _project(directory: Path, config: Path | None) -> tuple[Place, Configuration]:
    """Return the project in *directory*.

    A folder that has only a Dockerfile, and nothing that xxpy builds, is a project too.
    """
    alone = place.Place(directory.absolute(), directory.absolute())
    if not detect.found(directory):
        settings = alone.settings(config)
        if (directory / settings.image.context / settings.image.dockerfile).is_file():
            return alone, settings
    return project.read(directory, None, config)


def _refusals(
    place: Place, settings: Configuration, wanted: Options
) -> Mapping[Platform, XxpyError]:
    """Return why this machine's compilers cannot build for some of the platforms.

    A project of unknown kind with a Dockerfile has no refusals: BuildKit builds it.
    """
    try:
        name = project.kind(place, settings.language).language
    except ProjectError:
        if (place.root / settings.image.context / settings.image.dockerfile).is_file():
            return {}
        raise
    try:
        table = resources.table().with_rust(wanted.rust)
        return LANGUAGES[name].plan(place.root.resolve(), wanted, table).refused
    except ToolError as error:
        return dict.fromkeys(wanted.platforms, error)


def refuse(closed: Iterable[Decision], *, shown: bool = False) -> None:
    """Refuse platforms without a strategy, after the results for the others have been written.

    :param shown: whether the reasons have been printed already
    :raises ToolError: there is such a platform
    """
    listed = list(closed)
    if not listed:
        return
    reasons = [] if shown else [f"{decision.platform}: {decision.why}" for decision in listed]
    raise ToolError(
        f"no strategy works for {', '.join(str(decision.platform) for decision in listed)}",
        "\n".join([*reasons, "xxpy doctor shows what this machine lacks"]),
    )
