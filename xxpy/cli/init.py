"""``xxpy init``: the first ``xxpy.toml`` of a project."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import configuration, templates
from xxpy.cli import common, printing, standing
from xxpy.cli.platform_options import platforms_option
from xxpy.errors import OutputError, ProjectError
from xxpy.language import detect, project
from xxpy.language.registry import LANGUAGES
from xxpy.machine import files, resources, trust

if TYPE_CHECKING:
    from xxpy.language.place import Place
    from xxpy.request.platforms import Asked

_TEMPLATE: Final = "init/xxpy.toml"
_NO_TAG: Final = re.compile(r"[^a-z0-9]+")
_DOCKERFILE: Final = "Dockerfile"


@click.command(
    epilog="""\b
Examples:
  xxpy init
  xxpy init ./server --platform 'linux/*,windows/amd64'"""
)
@click.argument("directory", type=click.Path(path_type=Path, readable=False), default=".")
@platforms_option()
@click.option(
    "--language",
    metavar="NAME",
    help=f"Kind of project, where it is not clear: {', '.join(LANGUAGES)}.",
)
@common.json_option
def command(directory: Path, asked: Asked, language: str | None, *, as_json: bool) -> None:
    """Write an xxpy.toml for the project in DIRECTORY, with a comment for every key.

    The kind of project is found out as xxpy build does; nothing of the project is run. A file that
    is there is never changed.
    """
    place = project.locate(directory, language)
    trust.only_read(place.root)
    if configuration.exists(place.root) or os.path.lexists(place.root / configuration.FILE):
        raise OutputError(
            f"{_present(place.root)} already exists",
            "edit it, or delete it first: xxpy init then writes all keys, each with a comment",
        )
    found = project.kind(place, language).language
    if language is not None and not _is_there(place, language):
        raise ProjectError(
            f"there is no {LANGUAGES[language].title} in {standing.seen(place.root)}",
            "leave --language out: the files say what it is",
        )
    text = written(place, found, asked, stated=language is not None)
    path = place.root / configuration.FILE
    files.write(path, text)
    if as_json:
        printing.print_json({"path": str(path), "language": found})
        return
    printing.say(f"wrote {standing.seen(path)}: {LANGUAGES[found].title}")
    printing.say("next: xxpy build")


def _present(folder: Path) -> str:
    own = folder / configuration.FILE
    return standing.seen(own) if own.exists() else "[tool.xxpy] of pyproject.toml"


def _is_there(place: Place, language: str) -> bool:
    """Whether a project has the files of a kind."""
    return language in detect.found(place.root) or detect.of_sources(place.root) == language


def written(place: Place, language: str, asked: Asked, *, stated: bool) -> str:
    """Return the text of the file.

    :param stated: whether the kind of project is written down, because the user has named it
    """
    marker = detect.found(place.root).get(language, "")
    about = {
        "project": f"{LANGUAGES[language].title}{f' ({marker})' if marker else ''}",
        "language": language if stated else "",
        "platforms": [str(platform) for platform in asked.read(()).platforms] if asked else [],
        "describe": configuration.descriptions(),
        "examples": LANGUAGES[language].examples.items(),
        "dockerfile": _DOCKERFILE if (place.root / _DOCKERFILE).is_file() else "",
        "tag": f"{_NO_TAG.sub('-', place.root.name.lower()).strip('-._') or 'app'}:1.0",
    }
    made = templates.environment(resources.texts("templates", "init/*.j2"))
    return made.get_template(f"{_TEMPLATE}.j2").render(about)
