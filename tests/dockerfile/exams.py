"""What the tests of Dockerfiles share: the exam, which was written before the converter and is not changed for it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy.dockerfile import convert, tools
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.dockerfile.write import recipe
from xxpy.machine import resources, source_tree
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAM: Final = Path(__file__).resolve().parent / "exam"
EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/go-server"


@dataclass(frozen=True)
class Files:
    """A project that is only written down: texts by their paths."""

    texts: Mapping[str, str]

    def text(self, path: str) -> str | None:
        return self.texts.get(path.removeprefix("./"))

    def folder(self, path: str) -> tuple[str, ...] | None:
        start = "" if path in {"", "."} else f"{path}/"
        names = {
            name[len(start) :].partition("/")[0] for name in self.texts if name.startswith(start)
        }
        return tuple(sorted(names)) or None


@cache
def exams() -> dict[str, dict[str, Any]]:
    """Return what ``exam.toml`` says of each exam, by its name."""
    return tomllib.loads((EXAM / "exam.toml").read_text())


@cache
def sources() -> dockerfile.Sources:
    """Return what Dockerfiles are rendered from."""
    rows = resources.texts("toolchains", "dockerfile/*.toml")
    templates = resources.texts("templates", "**/*.j2")
    return dockerfile.Sources(
        resources.table(), tools.load(rows[tools.FILE]), recipe.load(rows[recipe.FILE]), templates
    )


@cache
def parts(platforms: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the rendered parts that conversions take, for the platforms of inline parts."""
    named = [
        parse(name, sources().table.words) for name in (*platforms,) or sources().tools.platforms
    ]
    inline = dockerfile.inline(sources(), named)
    return {
        **dockerfile.cross_files(sources()),
        "inline": inline,
        **dockerfile.tests(sources()),
    }


@cache
def converted(name: str, mode: str | None, platforms: tuple[str, ...] = ()) -> convert.Conversion:
    """Return what a mode makes of the Dockerfile of an exam, with the files beside it."""
    text = (EXAM / name / "Dockerfile").read_text()
    return convert.convert(
        text, sources().tools, parts(platforms), mode, project=source_tree.Folder(EXAM / name)
    )
