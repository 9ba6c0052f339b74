"""Rules that every source of a script keeps."""

from __future__ import annotations

import re

import pytest

from tests.lint.scripts import ROOT, sources
from xxpy import shell, wrappers
from xxpy.machine import resources

MOST_LINES = 250
MOST_COLUMNS = 100
LINKERS = ("ld64-lld.sh", "ld64.sh", "lld-mingw.sh")
TEXTS = resources.texts("templates", "commands/*.sh")
TABLES = wrappers.tables(resources.table())
COMMANDS = sorted({command.source or name for name, command in wrappers.COMMANDS.items()})


def markers(path: str) -> list[shell.Marker]:
    return [line for line in shell.parse(path, TEXTS[path]) if isinstance(line, shell.Marker)]


def reached(file: str) -> set[str]:
    """Return a file and all that it includes."""
    included = [marker.file for marker in markers(f"commands/{file}") if marker.file]
    return {file}.union(*map(reached, included))


def test_every_source_is_listed() -> None:
    assert [
        str(path.relative_to(ROOT / "templates"))
        for path in sources()
        if path.parent.name == "commands"
    ] == list(TEXTS)


@pytest.mark.parametrize("path", [str(path.relative_to(ROOT)) for path in sources()])
def test_sources_are_short_and_plain(path: str) -> None:
    text = (ROOT / path).read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert max(map(len, text.splitlines())) <= MOST_COLUMNS
    for foreign in ("{{", "{%"):
        assert foreign not in text
    assert re.findall(r"(?m)^\s*eval\b", text) == []


def test_every_source_is_part_of_a_command() -> None:
    assert set().union(*(reached(f"{name}.sh") for name in COMMANDS)) == {
        path.removeprefix("commands/") for path in TEXTS
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_begin_as_scripts_do(name: str) -> None:
    variable = f"XX_DEBUG_{name.removeprefix('xx-').upper()}"
    assert TEXTS[f"commands/{name}.sh"].startswith(
        f'#!/bin/sh\nset -eu\nif [ -n "${{{variable}-}}" ]; then set -x; fi\n'
    )


def branches(lines: tuple[str, ...]) -> list[tuple[set[str], str]]:
    """Return the patterns and the code of each branch of a `case`; no patterns for other lines."""
    text = "\n".join(lines)
    if ")" not in lines[0] or not text.endswith(";;"):
        return [(set(), text)]
    found = re.findall(r"(?ms)^(\S.*?)\)(.*?;;)$", text)
    return [(set(patterns.split(" | ")), re.sub(r"\s+", " ", code)) for patterns, code in found]


@pytest.mark.parametrize("path", TEXTS)
def test_examples_are_parts_of_their_tables(path: str) -> None:
    """What stands for a table in a source is in the table, with fewer patterns at most."""
    file = path.removeprefix("commands/").removesuffix(".sh")
    for marker in markers(path):
        if not marker.table or marker.table == "tool":
            continue
        assert marker.example, f"{path}: {marker.table} has no example"
        rows = TABLES(file)[marker.table]
        if all(line in [row.strip() for row in rows] for line in marker.example):
            continue
        known = branches(tuple(rows))
        for patterns, code in branches(marker.example):
            assert any(patterns <= found and code == other for found, other in known), (
                f"{path}: {marker.table}: {code}"
            )


def test_every_function_is_defined_once() -> None:
    """In the sources that make a command; where several commands have a function of their own for the same, each is in its command."""
    for name in COMMANDS:
        text = "".join(TEXTS[f"commands/{file}"] for file in reached(f"{name}.sh"))
        found = re.findall(r"(?m)^ *(\w+)\(\) \{$", text)
        assert sorted(found) == sorted(set(found)), name
    shared = [path for path in TEXTS if not path.startswith("commands/xx-")]
    found = [name for path in shared for name in re.findall(r"(?m)^(\w+)\(\) \{$", TEXTS[path])]
    assert sorted(found) == sorted(set(found))


def test_every_source_of_a_linker_is_part_of_one() -> None:
    texts = {path.name: path.read_text() for path in sources() if path.parent.name == "linkers"}
    used = set(LINKERS)
    for name in LINKERS:
        found = shell.assemble(
            name, texts, lambda file: {"facts": []} if f"{file}.sh" in LINKERS else {}
        )
        used |= {path for path, text in texts.items() if text.split("\n", 2)[1] in found}
    assert used == set(texts)


def test_tables_are_made_for_files_that_are_there() -> None:
    made = {file for command in wrappers.COMMANDS.values() for file in command.tables} | set(
        wrappers.SHARED
    )
    assert {f"commands/{file}.sh" for file in made} <= set(TEXTS)
