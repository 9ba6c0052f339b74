"""``xxpy completion``: each shell takes the script and completes commands and options with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from xxpy.cli.complete import answer

ROOT = Path(__file__).resolve().parents[2]
BASH = """
source {script}
COMP_LINE='{line}' COMP_POINT=${{#COMP_LINE}}
# bash breaks words at = and : too
read -ra COMP_WORDS <<<"$(sed 's/[=:]/ & /g' <<<"$COMP_LINE")"
[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_xxpy_completion xxpy
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
FISH = """
source {script}
complete -C '{line}'
"""
# What the function finds, without the line editor that would show it.
ZSH = """
autoload -U compinit
compinit -u -D
source {script}
[ "${{_comps[xxpy]}}" = _xxpy_completion ] || exit 1
_describe() {{ print -l -- "${{found[@]%%:*}}"; }}
words=({line}) CURRENT=${{#words}}
_xxpy_completion
"""
SHELLS = {
    "bash": (["bash", "--norc", "-c"], BASH),
    "fish": (["fish", "--no-config", "-c"], FISH),
    "zsh": (["zsh", "-f", "-c"], ZSH),
}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the script for each shell."""
    folder = tmp_path_factory.mktemp("scripts")
    for shell in SHELLS:
        words = [sys.executable, "-m", "xxpy", "completion", shell]
        (folder / shell).write_bytes(subprocess.run(words, capture_output=True, check=True).stdout)
    return folder


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("xxpy ver", "verify"),
        ("xxpy build --pl", "--platform"),
        ("xxpy wrappers exp", "export"),
        ("xxpy help dockerfile conv", "convert"),
        ("xxpy build --platform linux/amd64,linux/arm/v", "linux/amd64,linux/arm/v7"),
        ("xxpy build -p !windows/a", "!windows/arm64"),
        ("xxpy info -p linux/mips6", "linux/mips64le"),
        ("xxpy build --target aarch64-unknown-l", "aarch64-unknown-linux-musl"),
        ("xxpy build --cc cl", "clang"),
        ("xxpy build --language mes", "meson"),
        ("xxpy info rust-t", "rust-target"),
        ("xxpy info --distribution alp", "alpine"),
        ("xxpy dockerfile rule XX10", "XX101"),
        ("xxpy verify --float h", "hard"),
    ],
)
def test_the_shell_completes(
    shell: str, line: str, found: str, scripts: Path, tmp_path: Path
) -> None:
    command, script = SHELLS[shell]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [*command, script.format(line=line, script=scripts / shell)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    offered = [text.split("\t")[0].replace("\\!", "!") for text in done.stdout.splitlines()]
    assert found in offered
    assert "exec" not in offered


def test_bash_and_fish_complete_what_follows_an_equals_sign_and_a_colon(
    scripts: Path, tmp_path: Path
) -> None:
    for line, shell, found in (
        ("xxpy build --platform=linux/ris", "bash", "linux/riscv64"),
        ("xxpy build --platform=linux/ris", "fish", "--platform=linux/riscv64"),
        ("xxpy sysroot add --distribution debian:book", "bash", "bookworm"),
        ("xxpy sysroot add --distribution debian:book", "fish", "debian:bookworm"),
    ):
        test_the_shell_completes(shell, line, found, scripts, tmp_path)


@pytest.mark.parametrize(
    ("line", "first", "some"),
    [
        ("xxpy ", "words", {"build", "completion"}),
        ("xxpy build ", "files", set()),
        ("xxpy build -C ", "folders", set()),
        ("xxpy build -o ", "files", set()),
        ("xxpy build --jobs ", "words", set()),
        ("xxpy build -- --pl", "files", set()),
        ("xxpy nonsense --", "words", {"--version", "--no-color"}),
        ("sudo CC=x xxpy kit p", "words", {"path"}),
        ("xxpy info triple ", "words", set()),
        ("xxpy completion ", "words", {"bash", "zsh", "fish"}),
        ('xxpy image --label "a b" --pla', "words", {"--platform"}),
        ("other", "words", set()),
        ("", "words", set()),
    ],
)
def test_what_a_line_may_go_on_with(line: str, first: str, some: set[str]) -> None:
    kind, *others = answer.answer(line)
    assert kind == first
    assert {one.split("\t")[0] for one in others} >= some
    assert bool(others) == bool(some)


def test_sysroots_are_those_of_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert answer.answer("xxpy sysroot show ") == ["words"]
    (tmp_path / "xxpy/sysroots/aarch64-linux-gnu/debian-bookworm").mkdir(parents=True)
    (tmp_path / "xxpy/sysroots/trees/5f").mkdir(parents=True)
    assert answer.answer("xxpy build --sysroot d") == [
        "words",
        "debian-bookworm\taarch64-linux-gnu",
    ]


def test_a_table_of_ones_own_is_completed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "toolchains", tmp_path / "own")
    extra = '\n[platform."freebsd/ppc64le"]\n'
    linux = tmp_path / "own/unix.toml"
    linux.write_text(linux.read_text() + extra)
    script = "import sys; from xxpy.cli.complete import answer; print(answer.answer(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", script, "xxpy info -p freebsd/ppc"],
        env={**os.environ, "XXPY_TOOLCHAINS": str(tmp_path / "own")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "freebsd/ppc64le" in done.stdout, done.stderr


def test_a_tab_imports_nothing_that_is_slow() -> None:
    """Neither click nor the table, nor what they need: re, json, pathlib, tomllib."""
    script = "import sys; before = set(sys.modules); from xxpy.cli import entry; entry.main()\n"
    script += "print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"],
        env={**os.environ, "_XXPY_COMPLETE": "bash", "_XXPY_LINE": "xxpy build -p linux/ris"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "words\nlinux/riscv64\t\n"
    assert set(done.stderr.split()) <= {
        "__future__", "_signal", "gc", "xxpy", "xxpy.version", "xxpy._version", "xxpy.cli", "xxpy.cli.entry",
        "xxpy.cli.complete", "xxpy.cli.complete.answer",
    }, done.stderr  # fmt: skip


def test_an_unknown_shell_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xxpy", "completion", "tcsh"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "bash" in done.stderr) == (2, True)
