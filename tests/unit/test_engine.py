"""The filters: what comes out means in a shell what went in, or is refused."""

from __future__ import annotations

import subprocess

import pytest

from xxpy.errors import TableError
from xxpy.templates import environment


def rendered(template: str, value: object) -> str:
    return environment({"x": template}).get_template("x").render(value=value)


@pytest.mark.parametrize(
    "value", ["", "plain", "two words", "it's", '"', "$(id)", "`id`", "a\nb", "*", "\\", "ü"]
)
def test_sh_quotes_for_a_shell(value: str) -> None:
    script = rendered("printf '%s' {{ value | sh }}", value)
    assert (
        subprocess.run(["dash", "-c", script], capture_output=True, text=True, check=True).stdout
        == value
    )


@pytest.mark.parametrize(("template", "value"), [
    ("{{ value | name }}", "two words"),
    ("{{ value | name }}", ""),
    ("{{ value | name }}", 3),
    ("{{ value | name }}", "$x"),
    ("{{ value | line }}", "a\nb"),
    ("{{ value | line }}", "$(id)"),
    ("{{ value | alternatives }}", ["a", "b c"]),
    ("{{ value | alternatives }}", ["a)"]),
])  # fmt: skip
def test_what_could_mean_something_else_is_refused(template: str, value: object) -> None:
    with pytest.raises(TableError):
        rendered(template, value)


def test_alternatives_are_patterns() -> None:
    assert (
        rendered("{{ value | alternatives }}", ["linux/arm64:*", "arm/"]) == "linux/arm64:* | arm/"
    )
    assert rendered("{{ value | alternatives }}", []) == "''"
