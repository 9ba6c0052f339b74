"""``xxpy platforms``: the whole table, for people, as JSON or as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from xxpy.cli import common, printing
from xxpy.cli.platform_options import platforms_option
from xxpy.machine import resources
from xxpy.request.platforms import Asked
from xxpy.table import availability
from xxpy.table.platform_list import ALL
from xxpy.table.resolve import resolve
from xxpy.table.target import DEFAULT_DISTRIBUTION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.table.load import Table
    from xxpy.table.target import Target


def _debian(target: Target) -> str:
    """Return Debian's name of the architecture if a release has it."""
    released = availability.span(target.row, DEFAULT_DISTRIBUTION, resources.table())
    return target.row.debian.arch if target.row.debian is not None and released else ""


def _alpine(target: Target) -> str:
    """Return Alpine's name of the architecture if a release has it."""
    names = target.row.alpine
    return names.arch if names is not None and names.since is not None else ""


_COLUMNS: Final[Mapping[str, Callable[[Target], str]]] = {
    "Platform": lambda target: str(target.platform),
    "Go": lambda target: (
        target.names().get("go-env", "").replace("GOOS=", "").replace(" GOARCH=", "/")
    ),
    "Rust": lambda target: target.names().get("rust-target", ""),
    "Triple": lambda target: target.triple,
    "Debian": _debian,
    "Alpine": _alpine,
}


@click.command(
    epilog="""\b
Examples:
  xxpy platforms
  xxpy platforms -p 'linux/*'
  xxpy platforms --json | jq -r '.platforms[].platform'"""
)
@platforms_option(targets=False)
@common.json_option
@click.option("--markdown", is_flag=True, help="Print the page docs/platforms.md, in Markdown.")
def command(asked: Asked, *, as_json: bool, markdown: bool) -> None:
    """List all platforms and their names.

    The table shows the most important names, with Debian's triples; --json prints every name, and
    for each group the page that its values come from.
    """
    table = resources.table()
    chosen = (asked or Asked(variants=True)).read((ALL,)).platforms
    targets = [resolve(table, platform, DEFAULT_DISTRIBUTION, build=None) for platform in chosen]
    if as_json:
        printing.print_json(_document(table, targets))
    elif markdown:
        printing.give(_markdown(table, targets), nl=False)
    else:
        printing.give(_text(targets), nl=False)


def _cells(targets: list[Target]) -> list[list[str]]:
    return [list(_COLUMNS), *([value(target) for value in _COLUMNS.values()] for target in targets)]


def _text(targets: list[Target]) -> str:
    """Return the table with aligned columns."""
    cells = _cells(targets)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in cells
    )


def _document(table: Table, targets: list[Target]) -> dict[str, object]:
    """Return the table for JSON: what each group means, and the names of each platform."""
    return {
        "columns": {
            name: {
                "title": column.title,
                "source": column.source,
                "check": column.check,
                "keys": dict(column.keys),
            }
            for name, column in table.columns.items()
        },
        "platforms": [
            {
                "platform": str(target.platform),
                "title": target.row.title,
                **common.groups(target.row),
            }
            for target in targets
        ],
    }


def _markdown(table: Table, targets: list[Target]) -> str:
    """Return the page of all platforms: the most important names, then what each group means."""
    head, *rows = _cells(targets)
    lines = ["# Platforms", "", "Made by `xxpy platforms --markdown`; triples are Debian's.", ""]
    lines += [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(cell and f'`{cell}`' for cell in row)} |" for row in rows]
    lines += [
        "",
        "## Where the names come from",
        "",
        "`xxpy platforms --json` has all of them.",
        "",
    ]
    for name, column in table.columns.items():
        check = f", checked against `{column.check}`" if column.check else ""
        lines += [f"### {column.title} (`{name}`)", "", f"From <{column.source}>{check}.", ""]
        lines += [f"- `{key}`: {text}" for key, text in column.keys.items()]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"
