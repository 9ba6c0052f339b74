"""``xxpy init`` writes what loads, with every commented key too, and never over something; ``xxpy help`` and ``version``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from xxpy import configuration
from xxpy.cli import init
from xxpy.cli.group import group, run
from xxpy.language.place import Place
from xxpy.language.registry import LANGUAGES
from xxpy.request.platforms import Asked
from xxpy.version import __version__

PROJECTS = {
    "go": {"go.mod": "module server\n", "main.go": "package main\n\nfunc main() {}\n"},
    "rust": {"Cargo.toml": '[package]\nname = "a"\nversion = "0.1.0"\n', "src/main.rs": "fn main() {}\n"},
    "cmake": {"CMakeLists.txt": "project(a C)\nadd_executable(a a.c)\n", "a.c": "int main(void) { return 0; }\n"},
    "c": {"a.c": "int main(void) { return 0; }\n"},
    'odd "name"': {"go.mod": "module server\n", "main.go": "package main\n\nfunc main() {}\n", "Dockerfile": "FROM scratch\n"},
}  # fmt: skip


def _project(folder: Path, name: str) -> Path:
    for path, text in PROJECTS[name].items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text)
    return folder / name


@pytest.mark.parametrize("name", PROJECTS)
def test_what_it_writes_loads_with_every_comment_taken_away_too(name: str, tmp_path: Path) -> None:
    folder = _project(tmp_path, name)
    assert run(["init", str(folder)]) == 0
    made = folder / "xxpy.toml"
    assert configuration.load(folder).platforms == ("linux/amd64", "linux/arm64")
    text = made.read_text()
    assert ("# [image]" in text) == ("Dockerfile" in PROJECTS[name])
    made.write_text(re.sub(r"(?m)^# (?=\[|[a-z-]+ = )", "", text))
    whole = tomllib.loads(made.read_text())
    assert {"output", "static", "libc", "sysroot", "verify", "platform"} <= whole.keys()
    configuration.load(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comments_are_about_the_kind_of_project(language: str) -> None:
    place = Place(Path.cwd(), Path.cwd())
    text = init.written(place, language, Asked(), stated=False).partition("# [")[0]
    examples = LANGUAGES[language].examples
    own = {key for other in LANGUAGES.values() for key in other.examples}
    told = dict(re.findall(r"(?m)^# ([a-z-]+) = (.*)$", text))
    assert set(told) & own == set(examples)
    for key, value in examples.items():
        assert tomllib.loads(f"value = {told[key]}")["value"] == (
            value if isinstance(value, bool) else list(value)
        )


def test_it_finds_the_project_above_and_takes_platforms(tmp_path: Path) -> None:
    folder = _project(tmp_path, "go")
    (folder / "cmd").mkdir()
    (folder / "cmd/main.go").write_text("package main\n\nfunc main() {}\n")
    assert run(["init", str(folder / "cmd"), "-p", "linux/s390x,windows/amd64"]) == 0
    assert configuration.load(folder).platforms == ("linux/s390x", "windows/amd64")


@pytest.mark.parametrize("present", ["xxpy.toml", "pyproject.toml", "link"])
def test_nothing_is_written_over(
    present: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _project(tmp_path, "go")
    if present == "link":
        (folder / "xxpy.toml").symlink_to("elsewhere")
    else:
        (folder / present).write_text("" if present == "xxpy.toml" else "[tool.xxpy]\n")
    before = sorted(folder.iterdir())
    assert run(["init", str(folder)]) == 9
    assert "already exists" in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["."], 8), (["missing"], 8), (["--language", "rust", "go"], 8), (["--language", "cobol", "go"], 2)]
)  # fmt: skip
def test_what_is_no_project_gets_no_file(
    arguments: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _project(tmp_path, "go")
    monkeypatch.chdir(tmp_path)
    assert run(["init", *arguments]) == code
    assert list(tmp_path.rglob("xxpy.toml")) == []


@pytest.mark.parametrize("words", [[], ["build"], ["sysroot", "add"]])
def test_help_is_what_the_option_prints(words: list[str]) -> None:
    runner = CliRunner()
    asked = runner.invoke(group, ["help", *words])
    assert asked.exit_code == 0
    assert asked.output == runner.invoke(group, [*words, "--help"]).output


@pytest.mark.parametrize(
    ("words", "hint"), [(["sysrot"], "did you mean sysroot?"), (["cache", "prun"], "did you mean prune?"), (["build", "x"], "build --help")]
)  # fmt: skip
def test_help_of_nothing(words: list[str], hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", *words]) == 2
    assert hint in capsys.readouterr().err


def test_the_version_is_one_line_and_more_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--version"], ["version"]):
        assert run(arguments) == 0
        assert capsys.readouterr().out == f"xxpy {__version__}\n"
    assert run(["version", "--verbose"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["xxpy", __version__]
    assert {"python", "go", "clang", "zig"} <= {line.split()[0] for line in lines}
