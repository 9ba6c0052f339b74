"""``xxpy info``, ``xxpy platforms`` and ``xxpy wrappers`` as a user runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.table_copy import NEW_ROW, texts, with_new_row
from xxpy import wrappers
from xxpy.machine import resources
from xxpy.table.load import load
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve
from xxpy.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

TEMPLATES = resources.texts("templates", "commands/*.sh")


@pytest.fixture
def xxpy(tmp_path: Path) -> Run:
    """Return a function that runs the program with a cache of its own."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), **variables}
        return subprocess.run(
            [sys.executable, "-m", "xxpy", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (
            ["triple", "--platform", "linux/arm/v7", "--distribution", "debian"],
            "arm-linux-gnueabihf",
        ),
        (["triple", "-p", "linux/arm/v7", "-d", "alpine"], "armv7-alpine-linux-musleabihf"),
        (["triple", "-p", "linux/arm64", "-d", "debian", "--libc", "musl"], "aarch64-linux-musl"),
        (["platform", "-p", "aarch64"], "linux/arm64"),
        (["platform", "-p", "macos/x86_64"], "darwin/amd64"),
        (["go-env", "-p", "linux/arm/6"], "GOOS=linux GOARCH=arm GOARM=6"),
        (["rust-target", "-p", "riscv64", "-d", "debian"], "riscv64gc-unknown-linux-gnu"),
        (["variant", "-p", "linux/arm64"], ""),
    ],
)
def test_one_name(arguments: list[str], answer: str, xxpy: Run) -> None:
    first, second = xxpy("info", *arguments), xxpy("info", *arguments)
    assert (first.stdout, first.stderr, first.returncode) == (f"{answer}\n", "", 0)
    assert (second.stdout, second.stderr, second.returncode) == (f"{answer}\n", "", 0)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("debain", 2, "error: unknown distribution 'debain'\nhint: did you mean debian?\n"),
        ("Alpine", 2, "error: unknown distribution 'Alpine'\nhint: did you mean alpine?\n"),
        ("gentoo", 0, "note: the table does not have gentoo, which counts as a system with glibc"),
        ("unknown", 0, ""),
    ],
)
def test_a_distribution_that_the_table_does_not_have(
    name: str, status: int, said: str, xxpy: Run
) -> None:
    for _ in range(2):  # the second time an answer may be remembered
        done = xxpy("info", "triple", "-p", "linux/arm64", "--distribution", name)
        answer = "" if status else f"aarch64-{name}-linux-gnu\n"
        assert (done.returncode, done.stdout) == (status, answer)
        assert done.stderr.startswith(said)
        assert bool(done.stderr) == bool(said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["exec", "--platfrom", "linux/arm64", "--", "make"], "did you mean --platform?"),
        (["exec", "--libcc=musl", "make"], "did you mean --libc?"),
        (["run", "--platfrom", "linux/arm64", "prog"], "did you mean --platform?"),
        (["exec", "--", "-x"], "xxpy exec --help"),
    ],
)
def test_a_misspelled_option_is_no_command(words: list[str], said: str, xxpy: Run) -> None:
    done = xxpy(*words)
    assert (done.returncode, done.stderr.splitlines()[1]) == (2, f"hint: {said}")
    assert done.stderr.startswith("error: no such option: -")


def test_an_answer_is_remembered_until_something_changes(xxpy: Run, tmp_path: Path) -> None:
    arguments = ("info", "triple", "-p", "linux/arm64", "-d", "debian")
    assert xxpy(*arguments).stdout == "aarch64-linux-gnu\n"
    (answer,) = (tmp_path / "cache/xxpy/answers").iterdir()
    answer.write_text("remembered\n")
    assert xxpy(*arguments).stdout == "remembered\n"
    assert xxpy(*arguments, XX_LIBC="musl").stdout == "aarch64-linux-musl\n"
    assert (
        xxpy("info", "triple", "-p", "linux/arm/v7", "-d", "debian").stdout
        == "arm-linux-gnueabihf\n"
    )
    table = with_new_row(tmp_path / "table")
    assert xxpy(*arguments, XXPY_TOOLCHAINS=str(table)).stdout == "aarch64-linux-gnu\n"


@pytest.mark.parametrize(
    ("platform", "word"),
    [("linux/arm64", "aarch64"), ("linux/s390x", "s390x"), ("linux/arm/v7", "arm")],
)
def test_a_variable_of_the_table_counts_as_in_the_scripts(
    platform: str, word: str, xxpy: Run, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    table.mkdir()
    for name, text in texts().items():
        changed = re.sub(r', word_variable = "\w+"', "", text)
        changed = re.sub(
            r"triple.word = (.*)", r'triple = { word = \1, word_variable = "MY_WORD" }', changed
        )
        changed = changed.replace(
            'triple = { word_alpine = "armv7", abi',
            'triple = { word_alpine = "armv7", word_variable = "MY_WORD", abi',
        )
        (table / name).write_text(changed)
    script = tmp_path / "xx-info"
    script.write_text(
        wrappers.render(
            "xx-info", load({path.name: path.read_text() for path in table.iterdir()}), TEMPLATES
        )
    )
    rest = resolve(
        resources.table(), parse(platform, resources.table().words), "debian"
    ).triple.partition("-")[2]
    for value in (word, "other", word, "third"):  # the second time an answer is remembered
        variables = {
            "MY_WORD": value,
            "XX_VENDOR": "debian",
            "XX_LIBC": "gnu",
            "TARGETPLATFORM": platform,
        }
        done = xxpy(
            "info",
            "triple",
            "-p",
            platform,
            "-d",
            "debian",
            XXPY_TOOLCHAINS=str(table),
            **variables,
        )
        assert done.stdout == f"{value}-{rest}\n", done.stderr
        shell = subprocess.run(
            ["sh", str(script), "triple"],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        assert shell.stdout == done.stdout


def test_an_answer_needs_no_cache(xxpy: Run) -> None:
    assert (
        xxpy("info", "arch", "-p", "linux/arm64", XDG_CACHE_HOME="/proc/nowhere").stdout
        == "arm64\n"
    )


def test_all_names_and_json_agree(xxpy: Run) -> None:
    text = xxpy("info", "-p", "linux/arm/v7", "-d", "debian").stdout
    document = json.loads(xxpy("info", "-p", "linux/arm/v7", "-d", "debian", "--json").stdout)
    lines = {
        line.split()[0]: line.split(maxsplit=1)[1] if " " in line.strip() else ""
        for line in text.splitlines()
    }
    assert lines == {name: value for name, value in document.items() if name != "groups"}
    assert document["groups"]["go"]["settings"] == {"GOARM": "7"}
    assert json.loads(
        xxpy("info", "triple", "-p", "linux/arm/v7", "-d", "debian", "--json").stdout
    ) == {"triple": "arm-linux-gnueabihf"}


def test_is_cross_answers_with_its_status(xxpy: Run) -> None:
    assert xxpy("info", "is-cross", "-p", "local").returncode == 1
    assert [
        xxpy("info", "is-cross", "-p", key).returncode for key in ("linux/s390x", "windows/amd64")
    ] == [0, 0]
    assert xxpy("info", "is-cross").returncode == 1
    refused = xxpy("info", "is-cross", "--json")
    assert (refused.returncode, refused.stderr) == (
        2,
        "error: is-cross answers with its exit status\nhint: leave out --json\n",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "error", "hint"),
    [
        (
            ["info", "triple", "-p", "linux/aarch46"],
            3,
            "unknown architecture aarch46 in linux/aarch46",
            "did you mean linux/aarch64 (linux/arm64)?",
        ),
        (["info", "tripel"], 2, "unknown query 'tripel'", "did you mean triple?"),
        (
            ["info", "conda-subdir", "-p", "linux/mips"],
            3,
            "linux/mips has no conda-subdir",
            "xxpy info prints the names that it has",
        ),
        (["info", "-p", "darwin/s390x"], 3, "no row of the table is darwin/s390x", "did you mean"),
        (["wrappers", "show", "xx-inf"], 2, "there is no command xx-inf", "did you mean xx-info?"),
        (
            ["info", "-p", "aarch64-unknown-linux-musl"],
            3,
            "unknown operating system or architecture aarch64-unknown-linux-musl in aarch64-unknown-linux-musl",
            "that is a triple: --target aarch64-unknown-linux-musl is --platform linux/arm64 --libc musl",
        ),
        (
            ["build", "-p", "linux/amd64,x86_64-w64-mingw32", "."],
            3,
            "unknown operating system or architecture x86_64-w64-mingw32 in x86_64-w64-mingw32",
            "that is a triple: --target x86_64-w64-mingw32 is --platform windows/amd64",
        ),
        (
            ["platforms", "-p", "beos/*"],
            3,
            "no platform matches 'beos/*'",
            "a glob is matched against os/architecture",
        ),
    ],
)
def test_errors_are_one_line_and_a_hint(
    arguments: list[str], code: int, error: str, hint: str, xxpy: Run
) -> None:
    got = xxpy(*arguments)
    lines = got.stderr.splitlines()
    assert (got.returncode, got.stdout, lines[0]) == (code, "", f"error: {error}")
    assert lines[1].startswith(f"hint: {hint}")
    assert "Traceback" in xxpy("--debug", *arguments).stderr


def test_a_faulty_table_is_an_error_that_lists_its_faults(xxpy: Run, tmp_path: Path) -> None:
    table = with_new_row(tmp_path / "table")
    linux = table / "linux.toml"
    linux.write_text(linux.read_text().replace("go.since", "go.sinse", 1) + "\n[nonsense]\n")
    got = xxpy("platforms", XXPY_TOOLCHAINS=str(table))
    assert got.returncode == 4
    for fault in (
        "linux.toml: nonsense: unknown section",
        "linux/amd64'.go.sinse: unknown key",
        "linux/amd64'.go.since: missing",
    ):
        assert fault in got.stderr
    assert xxpy("platforms", XXPY_TOOLCHAINS=str(tmp_path / "nowhere")).returncode == 10


def test_adding_a_platform_is_adding_a_row(xxpy: Run, tmp_path: Path) -> None:
    assert NEW_ROW.count("[") == 1
    table = str(with_new_row(tmp_path / "table"))
    assert xxpy("info", "triple", "-p", "linux/sparc64", "-d", "debian").returncode == 3
    assert (
        xxpy("info", "triple", "-p", "linux/sparc64", "-d", "debian", XXPY_TOOLCHAINS=table).stdout
        == "sparc64-linux-gnu\n"
    )
    exported = tmp_path / "xx"
    assert xxpy("wrappers", "export", str(exported), XXPY_TOOLCHAINS=table).returncode == 0
    environment = {
        **os.environ,
        "TARGETPLATFORM": "linux/sparc64",
        "XX_VENDOR": "debian",
        "XX_GO_PREFER_C_COMPILER": "none",
    }
    for query, answer in (
        ("triple", "sparc64-linux-gnu"),
        ("go-env", "GOOS=linux GOARCH=sparc64"),
        ("rust-target", "sparc64-unknown-linux-gnu"),
    ):
        got = subprocess.run(
            ["sh", str(exported / "usr/bin/xx-info"), query],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert got.stdout == f"{answer}\n"
    got = subprocess.run(
        ["sh", str(exported / "usr/bin/xx-go"), "env", "GOARCH"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "linux/sparc64" in got.stdout + got.stderr or got.stdout == "sparc64\n"


def test_platforms_in_every_form(xxpy: Run) -> None:
    rows = resources.table().rows
    text = xxpy("platforms").stdout.splitlines()
    assert [line.split()[0] for line in text[1:]] == list(rows)
    document = json.loads(xxpy("platforms", "--json").stdout)
    assert [row["platform"] for row in document["platforms"]] == list(rows)
    assert set(document["columns"]) == set(resources.table().columns)
    assert all(
        f"| `{key}` |" in xxpy("platforms", "--markdown", "-p", key).stdout
        for key in ("linux/arm/v7", "wasi/wasm")
    )


def test_the_documentation_names_every_platform() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/platforms.md").read_text()
    assert all(f"| `{key}` |" in page for key in resources.table().rows)


def test_wrappers_are_listed_shown_and_exported(xxpy: Run, tmp_path: Path) -> None:
    names = [line.split()[0] for line in xxpy("wrappers", "list").stdout.splitlines()]
    assert {"xx-info", "xx-go", "xx-verify"} <= set(names)
    tree = tmp_path / "xx"
    assert xxpy("wrappers", "export", str(tree)).returncode == 0
    stamps = {}
    for name in names:
        path = tree / "usr/bin" / name
        assert path.read_text() == xxpy("wrappers", "show", name).stdout
        assert path.stat().st_mode & 0o777 == 0o755
        stamps[name] = path.stat().st_mtime_ns
    assert sorted(path.name for path in tree.rglob("*") if path.is_file()) == sorted(names)
    assert xxpy("wrappers", "export", str(tree)).returncode == 0
    assert {name: (tree / "usr/bin" / name).stat().st_mtime_ns for name in names} == stamps


def test_an_export_that_cannot_be_written(xxpy: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    got = xxpy("wrappers", "export", str(tmp_path / "file"))
    assert got.returncode == 9
    assert "cannot be written" in got.stderr


def test_version_help_and_completion(xxpy: Run) -> None:
    assert xxpy("--version").stdout == f"xxpy {__version__}\n"
    help_text = xxpy("--help").stdout
    for name in (
        "build",
        "exec",
        "env",
        "info",
        "platforms",
        "verify",
        "inspect",
        "wrappers",
        "completion",
    ):
        assert f"  {name} " in help_text
        own = xxpy(name, "--help")
        assert own.returncode == 0
        assert "Example" in own.stdout, name
    for shell in ("bash", "zsh", "fish"):
        assert "_XXPY_COMPLETE" in xxpy("completion", shell).stdout
    assert "platforms" in xxpy(_XXPY_COMPLETE="bash", _XXPY_LINE="xxpy pla").stdout


def test_an_unknown_command_names_the_nearest(xxpy: Run) -> None:
    got = xxpy("platform")
    assert got.returncode == 2
    assert "hint: did you mean platforms?" in got.stderr


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(  # noqa: S602 - a pipe is meant
        f"{sys.executable} -m xxpy platforms | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_exec_and_env(xxpy: Run) -> None:
    assert xxpy("exec", "-p", "linux/arm/v6", "--", "go", "env", "GOARM").stdout == "6\n"
    assert (
        xxpy("exec", "-p", "linux/arm64", "sh", "-c", "echo $TARGETPLATFORM; exit 7").returncode
        == 7
    )
    assert xxpy("exec", "-p", "linux/arm64", "--", "sh", "-c", "kill -TERM $$").returncode == -15
    missing = xxpy("exec", "-p", "linux/arm64", "--", "no-such-program")
    assert (missing.returncode, missing.stderr.splitlines()[0]) == (
        127,
        "error: no-such-program: not found",
    )
    refused = xxpy("exec", "-p", "linux/arm64", "--", "/etc/passwd")
    assert (refused.returncode, refused.stderr.splitlines()[0]) == (
        126,
        "error: /etc/passwd cannot be run: Permission denied",
    )
    document = json.loads(xxpy("env", "-p", "linux/arm/v7", "--format", "json").stdout)
    assert document["GOARM"] == "7"
    script = 'eval "$1"; echo "$GOOS/$GOARCH/$GOARM $TARGETVARIANT"'
    shell = subprocess.run(
        ["sh", "-c", script, "sh", xxpy("env", "-p", "linux/arm/v7").stdout],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout == "linux/arm/7 v7\n"


def test_verify_and_inspect(xxpy: Run, tmp_path: Path) -> None:
    program = Path(sys.executable).resolve()
    assert xxpy("verify", str(program)).returncode == 0
    refused = xxpy("verify", "-p", "linux/s390x", str(program), str(tmp_path / "missing"))
    assert refused.returncode == 6
    assert "does not match expected target architecture s390x" in refused.stdout
    assert "file not found" in refused.stdout
    folder = tmp_path / "dist/windows_amd64"
    folder.mkdir(parents=True)
    (folder / "x").write_bytes(program.read_bytes())
    told = json.loads(xxpy("verify", "--json", "--tree", str(tmp_path / "dist")).stdout)
    assert (told[0]["platform"], told[0]["ok"]) == ("windows/amd64", False)
    assert xxpy("verify").returncode == 2
    assert json.loads(xxpy("inspect", "--json", str(program)).stdout)[0]["format"] == "elf"
    assert "linkage" in xxpy("inspect", str(program)).stdout
    assert xxpy("inspect", str(tmp_path / "missing")).returncode == 6
