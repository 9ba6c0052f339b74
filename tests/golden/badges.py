"""The badges of the README: facts from ``pyproject.toml`` and the table, drawn without a service."""

from __future__ import annotations

import html
import tomllib
from pathlib import Path
from typing import Final

from xxpy.machine import resources

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "docs/badges"
_WIDTH: Final = 6.6
"""The width of a letter of 11 pixels, which is about right for every font."""
_PYTHON: Final = "Programming Language :: Python :: "
_BADGE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{name}: {value}">
  <title>{name}: {value}</title>
  <clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#round)">
    <rect width="{split}" height="20" fill="#444"/>
    <rect x="{split}" width="{rest}" height="20" fill="#36648b"/>
  </g>
  <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
    <text x="{left}" y="14">{name}</text>
    <text x="{right}" y="14">{value}</text>
  </g>
</svg>
"""


def badges() -> dict[Path, str]:
    """Return the path and the text of every badge."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pythons = [line.removeprefix(_PYTHON) for line in project["classifiers"] if _PYTHON in line]
    facts = {
        "python": " | ".join(pythons),
        "license": project["license"],
        "platforms": str(len(resources.table().rows)),
        "types": "mypy strict",
    }
    return {FOLDER / f"{name}.svg": _draw(name, value) for name, value in facts.items()}


def _draw(name: str, value: str) -> str:
    split, rest = (round(len(text) * _WIDTH) + 12 for text in (name, value))
    return _BADGE.format(
        name=html.escape(name),
        value=html.escape(value),
        width=split + rest,
        split=split,
        rest=rest,
        left=split / 2,
        right=split + rest / 2,
    )
