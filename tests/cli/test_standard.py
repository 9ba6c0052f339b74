"""What holds of every command: its options, its errors, its variables, and what quiet leaves out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import click
import pytest

from xxpy.cli import printing, reference, variables
from xxpy.cli.group import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_JSON = {
    "xxpy run": "it becomes the program",
    "xxpy exec": "it becomes the command",
    "xxpy shell": "it becomes the shell",
    "xxpy dockerfile lsp": "it speaks the protocol of editors",
}
ALL = {ctx.command_path: ctx for ctx in reference.every()}
LEAVES = {
    path: ctx
    for path, ctx in ALL.items()
    if not isinstance(ctx.command, click.Group)
    or (ctx.command.invoke_without_command and ctx.parent)
}
OPTIONS = [
    (path, option)
    for path, ctx in ALL.items()
    for option in ctx.command.params
    if isinstance(option, click.Option)
]


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield
    printing.MANNER.reset()


@pytest.mark.parametrize("path", ALL)
def test_every_command_has_the_standard_options(path: str) -> None:
    names = {name for one in ALL[path].command.params for name in one.opts}
    assert names >= {"--quiet", "-q", "--verbose", "-v", "--no-color"}


def test_every_command_with_a_result_has_json() -> None:
    lacking = {
        path
        for path, ctx in LEAVES.items()
        if "--json" not in {name for one in ctx.command.params for name in one.opts}
    }
    assert lacking == set(NO_JSON)


def test_every_option_has_a_long_name_and_a_variable_of_its_own() -> None:
    names = [variables.name_of(path.split()[1:], option) for path, option in OPTIONS]
    assert len(set(names)) == len(names) > 350
    for (path, option), name in zip(OPTIONS, names, strict=True):
        assert any(one.startswith("--") for one in option.opts), (path, option.opts)
        assert isinstance(option.envvar, list)
        assert option.envvar[0] == name
        assert re.fullmatch(r"XXPY_[A-Z0-9_]+", name)
    taken = {"XXPY_CACHE_SIZE", "XXPY_TOOLCHAINS", "XXPY_PLATFORM", "XXPY_CONFIG_SITE"}
    assert not taken & set(names), "these mean something else"


@pytest.mark.parametrize("path", LEAVES)
def test_an_unknown_option_is_an_error_in_one_form(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = path.split()[1:]
    if path in {"xxpy run", "xxpy exec"}:
        words += ["--platform"]  # others belong to the program
        first = "option '--platform' requires an argument"
    else:
        words += ["--zzz"]
        first = "no such option: --zzz"
    assert run(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert lines[0] == f"error: {first}"
    assert lines[1:] in ([f"hint: {path} --help"], ["hint: xxpy --help"])


@pytest.mark.parametrize(
    ("path", "option"),
    [pair for pair in OPTIONS if isinstance(pair[1].type, click.Choice | click.IntRange) or pair[1].is_flag],
    ids=lambda value: value if isinstance(value, str) else value.opts[0],
)  # fmt: skip
def test_a_wrong_value_names_its_variable(
    path: str, option: click.Option, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    words = path.split()[1:]
    name = variables.name_of(words, option)
    monkeypatch.setenv(name, "so so")
    ctx = ALL[path]
    needed = [
        "zsh" if isinstance(one.type, click.Choice) else "x"
        for one in ctx.command.params
        if isinstance(one, click.Argument) and one.required
    ]
    needed += ["-ox"] if path == "xxpy wrappers image" else []
    below = [one.info_name or "" for one in reference.children(ctx)][:1]
    assert run([*words, *needed, *below]) == 2
    assert f"error: {name}='so so': 'so so' is not " in capsys.readouterr().err


def test_an_error_of_a_command_names_the_variables_in_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XXPY_INFO_PLATFORM", "linux/vax")
    assert run(["info"]) == 3
    assert "hint: from the environment: XXPY_INFO_PLATFORM=linux/vax\n" in capsys.readouterr().err
    assert run(["info", "triple", "-p", "linux/arm64"]) == 0, "the command line wins"
    monkeypatch.setenv("XXPY_INFO_PLATFORM", "")
    assert run(["info", "-p", "linux/vax"]) == 3
    assert "from the environment" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "arguments", "hint"),
    [
        ("XXPY_INFO_PLATFROM", ["info"], "did you mean XXPY_INFO_PLATFORM?"),
        ("XXPY_SYSROOT_LIST_JSN", ["sysroot", "list"], "did you mean XXPY_SYSROOT_LIST_JSON?"),
        ("XXPY_IMAGE_TAGS", ["image", "-o", "x"], "did you mean XXPY_IMAGE_TAG?"),
        ("XXPY_CACHE_INFO_9", ["cache", "info"], "did you mean XXPY_CACHE_INFO_"),
    ],
)
def test_an_unknown_variable_is_refused(
    name: str, arguments: list[str], hint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setenv(name, "1")
    assert run(arguments) == 2
    said = capsys.readouterr().err
    command = " ".join(word for word in arguments if word.isalpha() and len(word) > 1)
    assert f"error: {name}: xxpy {command} has no such option\nhint: {hint}" in said


def test_variables_of_other_commands_and_of_xxpy_itself_are_let_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (
        "XXPY_CACHE_SIZE",
        "XXPY_PLATFORM",
        "XXPY_IMAGE_INSPECT_JSON",
        "XXPY_BUILD_PLATFROM",
    ):
        monkeypatch.setenv(name, "20G")
    assert run(["info", "triple", "-p", "linux/arm64"]) == 0
    assert run(["cache", "info"]) == 0
    monkeypatch.delenv("XXPY_IMAGE_INSPECT_JSON")
    monkeypatch.setenv("XXPY_IMAGE_INSPECT_QUIET", "1")
    assert run(["image", "-o", "x"]) == 8, "there is no dist"
    assert "no such folder: dist" in capsys.readouterr().err


def test_an_option_that_may_be_repeated_takes_words_quoted_as_in_a_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XXPY_PLATFORMS_PLATFORM", "linux/amd64,linux/arm64 'linux/s390x'")
    monkeypatch.setenv("XXPY_PLATFORMS_JSON", "1")
    assert run(["platforms"]) == 0
    found = [one["platform"] for one in json.loads(capsys.readouterr().out)["platforms"]]
    assert found == ["linux/amd64", "linux/arm64", "linux/s390x"]
    monkeypatch.setenv("XXPY_PLATFORMS_PLATFORM", "linux/amd64 'linux")
    assert run(["platforms"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: XXPY_PLATFORMS_PLATFORM=")
    assert said.splitlines()[0].endswith(": a quote is not closed")


def test_the_variable_for_all_commands_and_the_option_that_wins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note = "note: linux/arm is read as"
    assert run(["info", "triple", "-p", "linux"]) == 0
    noted = capsys.readouterr().err
    assert noted.startswith("note: "), note
    for given in (["-q"], []):
        monkeypatch.setenv("XXPY_QUIET", "" if given else "1")
        assert run(["info", "triple", "-p", "linux", *given]) == 0
        assert capsys.readouterr().err == ""
    monkeypatch.setenv("XXPY_QUIET", "1")
    assert run(["info", "triple", "-p", "linux", "-v"]) == 0
    assert capsys.readouterr().err == noted
    assert run(["-q", "info", "triple", "-v"]) == 2
    assert "error: --quiet and --verbose cannot be used together" in capsys.readouterr().err


def test_verbose_prints_commands_that_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kit", "show", "-p", "linux/arm64", "--cc", "clang", "-v"]) in {0, 5}
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("+ ")]
    assert any("clang" in line and "--version" in line for line in lines)


@pytest.mark.parametrize("arguments", [["--no-color", "info"], ["info", "--no-color"], ["info"]])
def test_no_color(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    if arguments == ["info"]:
        assert run([*arguments, "-p", "linux/vax"]) == 3
        assert capsys.readouterr().err.startswith("\x1b[31m\x1b[1merror:\x1b[0m ")
        monkeypatch.setenv("NO_COLOR", "1")
    assert run([*arguments, "-p", "linux/vax"]) == 3
    assert capsys.readouterr().err.startswith("error: ")


def test_help_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", "--json", "sysroot", "add"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["command"] == "xxpy sysroot add"
    lock = next(one for one in found["options"] if "--lock" in one["names"])
    assert (lock["variable"], lock["value"]) == ("XXPY_SYSROOT_ADD_LOCK", "FILE")
