"""Whatever files and tables there are, a script has every line once, in order, and what is in a table comes back from a shell."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xxpy import shell
from xxpy.errors import InstallationError

WORD = st.text(alphabet="abcdefghij", min_size=1, max_size=6)
LINE = st.text(
    alphabet=st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20
).map(lambda text: f"x{text}")
LINES = st.lists(LINE, max_size=5)
TABLES = st.dictionaries(WORD, LINES, max_size=3)
FILES = st.lists(st.tuples(LINES, TABLES, st.integers(0, 4)), min_size=1, max_size=5)
"""Files, each with its own lines, its tables, and the indentation of these; each includes the next one."""


def script(
    files: list[tuple[list[str], dict[str, list[str]], int]],
) -> tuple[dict[str, str], dict[str, dict[str, list[str]]], list[str]]:
    """Return the sources, the tables, and the lines that the script must have."""
    sources, tables, expected = {}, {}, []
    for number, (lines, given_tables, indent) in enumerate(files):
        text = list(lines)
        expected += lines
        for name, rows in given_tables.items():
            text += [f"{' ' * indent}# table: {name}", "xexample", "# end"]
            expected += [f"{' ' * indent}{row}" for row in rows]
        if number + 1 < len(files):
            text.append(f". ./f{number + 1}.sh")
        sources[f"f{number}.sh"] = "".join(f"{line}\n" for line in text)
        tables[f"f{number}"] = given_tables
    return sources, tables, expected


@settings(max_examples=200, deadline=None)
@given(FILES)
def test_every_line_is_there_once_and_in_order(
    files: list[tuple[list[str], dict[str, list[str]], int]],
) -> None:
    sources, tables, expected = script(files)
    text = shell.assemble("f0.sh", sources, tables.__getitem__)
    assert text == "".join(f"{line}\n" for line in expected)
    # A script has no markers, so that it is its own source.
    assert shell.assemble("f0.sh", {"f0.sh": text}, lambda _: {}) == text


@settings(max_examples=200, deadline=None)
@given(FILES, st.data())
def test_nothing_is_left_out_in_silence(
    files: list[tuple[list[str], dict[str, list[str]], int]], data: st.DataObject
) -> None:
    sources, tables, _ = script(files)
    every = [(file, name) for file, found in tables.items() for name in found]
    removed = data.draw(st.sampled_from([*sources, *every]))
    if isinstance(removed, str):
        del sources[removed]
    else:
        tables[removed[0]] = {
            name: rows for name, rows in tables[removed[0]].items() if name != removed[1]
        }
    with pytest.raises(InstallationError, match="cannot be assembled"):
        shell.assemble("f0.sh", sources, tables.__getitem__)


@settings(max_examples=200, deadline=None)
@given(FILES, st.data())
def test_no_table_is_forgotten(
    files: list[tuple[list[str], dict[str, list[str]], int]], data: st.DataObject
) -> None:
    sources, tables, _ = script(files)
    file = data.draw(st.sampled_from(sorted(tables)))
    tables[file] = {**tables[file], "spare": data.draw(LINES)}
    with pytest.raises(InstallationError, match="does not insert its tables: spare"):
        shell.assemble("f0.sh", sources, tables.__getitem__)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        WORD,
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
        min_size=1,
        max_size=4,
    )
)
def test_a_shell_reads_back_what_is_in_a_table(values: dict[str, str]) -> None:
    rows = [
        f"{shell.patterns([word])}) printf %s {shell.quote(value)} ;;"
        for word, value in values.items()
    ]
    source = "case $1 in\n  # table: rows\n  # end\nesac\n"
    text = shell.assemble("f.sh", {"f.sh": source}, lambda _: {"rows": rows})
    for word, value in values.items():
        assert (
            subprocess.run(
                ["dash", "-c", text, "-", word], capture_output=True, check=True
            ).stdout.decode()
            == value
        )
