"""Properties of the loader: a damaged table is a list of faults, never anything else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.table_copy import texts
from xxpy.errors import TableError
from xxpy.table.load import load

FILES = texts()
LINES = [
    (name, number)
    for name, text in FILES.items()
    for number, line in enumerate(text.splitlines())
    if line and line[0] != "#"
]
ANYTHING = st.sampled_from(
    [
        "5",
        "true",
        '""',
        '"x"',
        "[]",
        "[5]",
        '["X y"]',
        "{}",
        "{ x = 5 }",
        '{ gnu = "x" }',
        "1979-05-27",
        "1.5",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LINES), st.none() | ANYTHING)
def test_a_damaged_line_is_a_fault_or_another_table(
    place: tuple[str, int], value: str | None
) -> None:
    name, number = place
    lines = FILES[name].splitlines()
    key, equals, _ = lines[number].partition(" = ")
    lines[number] = f"{key}{equals}{value}" if value is not None and equals else ""
    try:
        table = load({**FILES, name: "\n".join(lines)})
    except TableError as error:
        assert error.faults
        assert len(set(error.faults)) == len(error.faults)
    else:
        assert table.rows
