"""The page about verifying: its commands run as they are written, its configuration is accepted, its messages are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import fields
from pathlib import Path

from tests import pages
from xxpy.binary.description import Description
from xxpy.binary.identity import Identity

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/verify.md").read_text()


def test_every_command_runs(tmp_path: Path) -> None:
    commands = pages.command(tmp_path / "commands")
    script = "set -eu\n" + "".join(pages.texts(PAGE, "sh"))
    environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"}
    got = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (got.returncode, got.stderr) == (0, "")
    assert '"format": "elf"' in (tmp_path / "hello.json").read_text()
    (tmp_path / "xxpy.toml").write_text(pages.texts(PAGE, "toml")[0])
    refused = subprocess.run(
        [str(commands / "xxpy"), "verify", "--tree", "dist"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 6
    assert "is not statically linked" in refused.stdout


def test_messages_are_those_of_the_code() -> None:
    code = "".join(
        path.read_text()
        for path in [
            *(ROOT / "xxpy/binary").glob("*.py"),
            *(ROOT / "templates/commands").glob("*verify*.sh"),
        ]
    )
    section = PAGE.partition("how to fix it")[2].partition("\n## ")[0]
    messages = [
        text
        for line in section.splitlines()
        if line.startswith("| `")
        for text in re.findall(r"`([^`]+)`", line.split("|")[1])
    ]
    assert len(messages) > 15
    for message in messages:
        longest = max(
            re.split(r"…|\d+(?:\.\d+)?|v\d|libfoo\S*|soft|musl|core|corrupt", message), key=len
        ).strip(" ,")
        assert longest in code, message


def test_every_key_of_inspect_is_named() -> None:
    section = PAGE.partition("## Output of `xxpy inspect`")[2].partition("\n## ")[0]
    named = [
        key
        for line in section.splitlines()
        if line.startswith("| `")
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    ]
    assert sorted(named) == sorted(
        field.name for described in (Description, Identity) for field in fields(described)
    )
