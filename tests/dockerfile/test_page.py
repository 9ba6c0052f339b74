"""The page about Dockerfiles, the hook and the action: what stands in them runs as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import pages

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/dockerfile.md"
SLOW = "FROM golang AS build\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder with a Dockerfile, and ``xxpy`` on PATH."""
    commands = pages.command(tmp_path / "commands")
    (tmp_path / "Dockerfile").write_text(SLOW)
    return {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}


def test_the_commands_of_the_page(tmp_path: Path, environment: dict[str, str]) -> None:
    commands = [
        line
        for block in pages.texts(PAGE.read_text(), "sh")
        for line in block.splitlines()
        if not line.startswith("pip ")
    ]
    codes = {}
    for command in commands:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        codes[command] = done.returncode
    assert codes.pop("xxpy dockerfile check Dockerfile --platform linux/amd64,linux/arm64") == 1
    assert len(codes) == 8
    assert set(codes.values()) == {0}
    assert "cmake" in (tmp_path / "cmake.Dockerfile").read_text()


def test_what_the_page_shows_is_printed(tmp_path: Path, environment: dict[str, str]) -> None:
    (shown,) = pages.texts(PAGE.read_text(), "text")
    command = ["xxpy", "dockerfile", "check", "--platform", "linux/amd64,linux/arm64,linux/s390x"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    # One of the two that the page names is this machine's.
    printed = re.sub(r"for linux/[^,\s]+(?:, linux/[^,\s]+)*", "for linux/arm64", done.stdout)
    assert printed == shown


def test_the_settings_of_editors_start_the_server(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    page = PAGE.read_text()
    (helix,) = pages.texts(page, "toml")
    (code,) = pages.texts(page, "json")
    (neovim,) = pages.texts(page, "lua")
    server = tomllib.loads(helix)["language-server"]["xxpy"]
    settings = json.loads(code)
    (words,) = re.findall(r"cmd = \{ (.*) \}", neovim)
    commands = [
        [server["command"], *server["args"]],
        [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]],
        re.findall(r"'([^']*)'", words),
    ]
    for command in commands:
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            input="",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (0, ""), (command, done.stderr)


def test_the_hook_calls_the_command_with_files(tmp_path: Path, environment: dict[str, str]) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    extra = re.search(
        r"^dockerfile = \[(.*)\]$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    assert extra
    assert hook["additional_dependencies"] == re.findall(r'"([^"]*)"', extra[1])
    done = subprocess.run(
        [*hook["entry"].split(), "Dockerfile"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "XX101" in done.stdout


@pytest.mark.parametrize(
    ("platforms", "fail_on", "code"),
    [
        ("", "warning", 1),
        ("linux/amd64,linux/s390x", "remark", 1),
        ("", "error", 0),
        ("local", "warning", 0),
    ],
)
def test_the_action_annotates_the_lines(
    platforms: str, fail_on: str, code: int, tmp_path: Path, environment: dict[str, str]
) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["inputs"]["fail-on"]["default"] == "warning"
    script = action["runs"]["steps"][-1]
    named = {"FILES": "files", "PLATFORMS": "platforms", "FAIL_ON": "fail-on"}
    assert script["env"] == {name: f"${{{{ inputs.{key} }}}}" for name, key in named.items()}
    (tmp_path / "other").write_text("FROM scratch\n")
    inputs = {"FILES": "Dockerfile other", "PLATFORMS": platforms, "FAIL_ON": fail_on}
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script["run"]]
    done = subprocess.run(
        words, cwd=tmp_path, env=environment | inputs, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    annotated = done.stdout.startswith("::warning file=Dockerfile,line=2,")
    assert annotated == (platforms != "local")
