"""``xxpy inspect``: describe binaries."""

from __future__ import annotations

import textwrap
from dataclasses import asdict
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xxpy import binary
from xxpy.binary.identity import identify
from xxpy.cli import common, printing
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.binary.description import Description


@click.command(
    epilog="""\b
Examples:
  xxpy inspect dist/linux_arm64/server
  xxpy inspect --json libcrypto.a | jq -r '.[].name'"""
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@common.json_option
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Describe binaries: format, machine, byte order, linkage, libraries, and who built them.

    Fat files are described slice by slice, archives and wheels member by member.
    """
    described = [description for path in files for description in binary.inspect(path)]
    if as_json:
        printing.print_json([_document(description) for description in described])
        return
    for number, description in enumerate(described):
        if number:
            printing.show()
        for name, value in _facts(description):
            printing.show(f"{name:<12}  {value}")


def _document(description: Description) -> dict[str, Any]:
    """Return everything: name, platform in the table's words, and what the headers state."""
    facts = asdict(description)
    return {"name": facts.pop("name"), **asdict(identify(description, resources.table())), **facts}


def _facts(description: Description) -> Iterator[tuple[str, str]]:
    """Yield everything that a file states, for people: the architecture, not its number."""
    document = _document(description)
    for name, value in document.items():
        title = name.replace("_", " ")
        if name == "machine" and document["architecture"]:
            continue
        if name == "go" and description.go is not None:
            go = description.go
            yield (
                title,
                " ".join(filter(None, (go.version, go.path, go.module and f"({go.module})"))),
            )
            yield from _settings(go.settings)
        elif isinstance(value, bool):
            yield title, "yes" if value else "no"
        elif value not in (None, "", ()) and (name, value) not in _USUAL:
            yield title, ", ".join(value) if isinstance(value, tuple) else str(value)


def _settings(settings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the settings of a build of Go; a long list takes several lines."""
    for name, value in settings:
        lines = textwrap.wrap(
            value.replace(",", ", "), _WIDTH, break_long_words=False, break_on_hyphens=False
        )
        yield from zip(chain([f"  {name}"], repeat("")), lines or [""], strict=False)


_WIDTH = 80
"""How long the lines with the settings of Go are."""
_USUAL = {("osabi", 0), ("slice", 0)}
"""Facts that are not worth a line."""
