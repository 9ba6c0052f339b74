"""The rows and the rendered parts that conversions take."""

from __future__ import annotations

import pytest

from xxpy import resources
from xxpy.dockerfile import tools
from xxpy.platform import parse
from xxpy.render import dockerfile


@pytest.fixture(scope="session")
def rows() -> tools.Tools:
    return tools.load(resources.texts("toolchains", tools.FILE)[tools.FILE])


@pytest.fixture(scope="session")
def parts(rows: tools.Tools) -> dict[str, str]:
    table, templates = resources.table(), resources.texts("templates", "**/*.j2")
    platforms = [parse(name, table.words) for name in rows.platforms]
    return {"meson-cross": dockerfile.meson_cross(templates), "inline": dockerfile.inline(table, templates, platforms)}
