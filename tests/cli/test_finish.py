"""Every command refuses empty paths, shows its summary whole, and has examples that can be pasted."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from xxpy.cli import reference
from xxpy.cli.group import COMMANDS, group, run

if TYPE_CHECKING:
    from pathlib import Path

_EXAMPLE = re.compile(r"(?m)^ *(?:Example: )?((?:eval |echo |xxpy |docker |skopeo |cmake ).*)$")

ALL = {tuple(ctx.command_path.split()[1:]): ctx for ctx in reference.every()}
EXAMPLES = [
    (words, line)
    for words, ctx in ALL.items()
    for line in _EXAMPLE.findall((ctx.command.epilog or "").replace("\b", ""))
]


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "-o", ""], ["build", "--output="], ["build", ""], ["build", "--config", ""], ["image", "--output", ""],
        ["image", "inspect", ""], ["bake", "--output", ""], ["sysroot", "export", "x", ""], ["wrappers", "export", ""],
        ["verify", "--platform", "linux/arm64", ""], ["run", ""], ["init", ""], ["dockerfile", "convert", ""],
    ],
)  # fmt: skip
def test_an_empty_path_is_refused(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    assert "the path is empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [words for words, ctx in ALL.items() if isinstance(ctx.command, click.Group)]
)
def test_summaries_are_not_cut(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(group, [*words, "--help"]).output
    listed = shown.partition("Commands:")[2].partition("Example")[0]
    assert listed
    assert re.findall(r"\w\.\.\.$", listed, re.MULTILINE) == []


def calls(line: str) -> list[list[str]]:
    """Return the words of each call of xxpy in a line, without what follows in the shell."""
    found = []
    for text in re.findall(r"xxpy ((?:'[^']*'|[^|;&>()'\"])*)", line):
        words = shlex.split(text)
        found += [words] if words else []
    return found


@pytest.mark.parametrize("line", sorted({line for _, line in EXAMPLES}))
def test_examples_can_be_pasted(line: str) -> None:
    """A shell takes each, and its options and arguments are those of the command."""
    assert "…" not in line
    subprocess.run(["sh", "-n", "-c", line], check=True)
    for words in calls(line):
        depth = max(depth for depth in range(len(words) + 1) if tuple(words[:depth]) in ALL)
        ctx = ALL[tuple(words[:depth])]
        ctx.command.make_context(ctx.info_name, words[depth:], parent=ctx.parent)


def test_every_command_has_an_example() -> None:
    assert len(EXAMPLES) > 60
    assert {words for words, _ in EXAMPLES} >= {(name,) for name in COMMANDS}
