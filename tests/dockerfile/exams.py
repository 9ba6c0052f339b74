"""What the tests of Dockerfiles share: the exam, which was written before the converter and is not changed for it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy.dockerfile import tools
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.dockerfile.write import recipe
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

EXAM: Final = Path(__file__).resolve().parent / "exam"
EXAMPLE: Final = Path(__file__).resolve().parents[2] / "examples/go-server"


def exams() -> dict[str, dict[str, Any]]:
    """Return what ``exam.toml`` says of each exam, by its name."""
    return tomllib.loads((EXAM / "exam.toml").read_text())


@cache
def sources() -> dockerfile.Sources:
    """Return what Dockerfiles are rendered from."""
    rows = resources.texts("toolchains", "dockerfile/*.toml")
    templates = resources.texts("templates", "**/*.j2")
    return dockerfile.Sources(resources.table(), tools.load(rows[tools.FILE]), recipe.load(rows[recipe.FILE]), templates)


def parts(platforms: Iterable[str] = ()) -> dict[str, str]:
    """Return the rendered parts that conversions take, for the platforms of inline parts."""
    named = [parse(name, sources().table.words) for name in (*platforms,) or sources().tools.platforms]
    return {"meson-cross": dockerfile.meson_cross(sources()), "inline": dockerfile.inline(sources(), named)}
