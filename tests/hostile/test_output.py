"""What a project, an archive or a tool puts into a text or a name, a terminal only shows; programs get it as it is."""

from __future__ import annotations

import ast
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

EVIL = "\x1b]0;title\x07\x9b31m\u202e"
"""Sets the title of a terminal, colours what follows in the eight-bit way, and turns the order of what follows."""

COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OWN = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""Colours and moves of the cursor: those of rich and click."""

ROOT = Path(__file__).parents[2]
FAILING = "all:\n\t@cat said; exit 3\n"
SAID = b"\x1b]0;title\x07 \x9b \xc2\x9b31m \xff \xe2\x80\xae end\r\nfirst\rsecond\n"


def environment(folder: Path) -> dict[str, str]:
    found = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    return {name: value for name, value in found.items() if name not in {"NO_COLOR", "TERM"}} | {
        "TERM": "xterm"
    }


def run(*words: str, folder: Path) -> tuple[int, bytes]:
    """Run a command with pipes; return its exit status and all that it printed."""
    command = [sys.executable, "-m", "xxpy", *words]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode, done.stdout


def shown(*words: str, folder: Path) -> str:
    """Run a command on a terminal; return all that the terminal was given but what colours it and moves the cursor."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "xxpy", *words],
        cwd=folder,
        env=environment(folder),
        stdin=its,
        stdout=its,
        stderr=its,
    ) as child:
        os.close(its)
        found = b""
        while True:
            try:
                data = os.read(ours, 1 << 16)
            except OSError:  # nobody writes any more
                break
            if not data:
                break
            found += data
        os.close(ours)
        child.wait()
    return (
        OWN.sub("", found.decode("utf-8", "surrogateescape"))
        .replace("\r\n", "\n")
        .replace("\r", "")
    )


def is_harmless(text: str) -> bool:
    return COMMANDS.search(text) is None and not any(
        "\udc80" <= character <= "\udcff" for character in text
    )


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_text(FAILING)
    (tmp_path / "said").write_bytes(SAID)
    (tmp_path / "x.c").touch()
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--json",),
        *(pytest.param((word,), marks=pytest.mark.slow) for word in ("-q", "--verbose")),
    ],
)
def test_what_a_build_prints_is_harmless_and_its_log_has_every_byte(
    words: tuple[str, ...], failing: Path
) -> None:
    status, said = run("build", "-p", "linux/amd64", *words, folder=failing)
    assert status == 1
    assert is_harmless(said.decode())
    if "--json" not in words:
        assert "\\x1b]0;title\\x07" in said.decode()
    (log,) = (failing / "cache/xxpy/logs").rglob("*.log")
    assert SAID in log.read_bytes()


def test_what_a_build_prints_is_harmless_on_a_terminal(failing: Path) -> None:
    (failing / "Makefile").write_text(FAILING.replace("exit 3", "sleep 0.5; exit 3"))
    text = shown("build", "-p", "linux/amd64", folder=failing)
    assert is_harmless(text), ascii(text)
    assert "\\x1b]0;title\\x07" in text


def test_markup_of_a_project_is_text(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(
        "all:\n\t@echo '[/bold] [red]x :smile: [link=y]'; sleep 0.5\n\t$(CC) -o '[/x]' x.c\n"
    )
    (tmp_path / "x.c").write_text("int main(void) { return 0; }\n")
    text = shown("build", "-p", "linux/amd64", folder=tmp_path)
    assert "Traceback" not in text
    assert "internal error" not in text
    assert "[/x]" in text


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """Return a folder with files and documents whose names and contents are hostile."""
    folder = tmp_path / "dist/linux_amd64"
    folder.mkdir(parents=True)
    (folder / f"x{EVIL}").write_bytes(Path("/bin/true").read_bytes())
    (tmp_path / f"{EVIL}.Dockerfile").write_text(
        f"FROM golang AS b{EVIL}\nRUN CGO_ENABLED=0 go build -o /x '{EVIL}'\nFROM scratch\nCOPY --from=b /x /x\n"
    )
    (tmp_path / f"{EVIL}.c").write_text("int main(void) { return 0; }\n")
    return tmp_path


NAMED = (
    ("verify", "-p", "linux/amd64", "--tree", "dist"),
    ("verify", "-p", "linux/arm64", "--tree", "dist"),
    ("verify", "--json", "-p", "linux/arm64", "--tree", "dist"),
    ("inspect", f"dist/linux_amd64/x{EVIL}"),
    ("inspect", "--json", f"dist/linux_amd64/x{EVIL}"),
    ("inspect", f"{EVIL}"),
    ("image", "inspect", f"{EVIL}"),
    ("dockerfile", "check", f"{EVIL}.Dockerfile"),
    ("dockerfile", "check", "--format", "json", f"{EVIL}.Dockerfile"),
    ("dockerfile", "check", "--format", "sarif", f"{EVIL}.Dockerfile"),
    ("dockerfile", "check", f"{EVIL}"),
    ("info", f"{EVIL}"),
    ("info", "triple", "-p", f"linux/{EVIL}"),
    (f"{EVIL}",),
    ("build", f"--{EVIL}"),
    ("build", f"{EVIL}"),
    ("build", "-p", "linux/amd64"),
    ("build", "--dry-run", "-p", "linux/amd64"),
    ("build", "--explain", "-p", "linux/amd64"),
    ("plan", "-p", "linux/amd64"),
    ("sysroot", "add", f"{EVIL}"),
    ("sysroot", "import", "-p", "linux/arm64", f"{EVIL}"),
)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(words, marks=() if number % 4 == 0 else pytest.mark.slow)
        for number, words in enumerate(NAMED)
    ],
)
def test_names_are_harmless(words: tuple[str, ...], named: Path) -> None:
    status, said = run(*words, folder=named)
    assert status < 128
    text = said.decode()
    assert is_harmless(text), ascii(text)
    assert "Traceback" not in text
    assert "internal error" not in text


DATA = (
    ("dockerfile", "convert", f"{EVIL}.Dockerfile"),
    ("dockerfile", "convert", "--diff", f"{EVIL}.Dockerfile"),
)


@pytest.mark.parametrize("words", DATA)
def test_what_programs_read_is_as_it_is_but_on_a_terminal(
    words: tuple[str, ...], named: Path
) -> None:
    assert EVIL in run(*words, folder=named)[1].decode()
    assert is_harmless(shown(*words, folder=named))


def test_a_path_that_is_no_text_comes_out_as_it_is(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/cache \xff\xe9"
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "xxpy", "kit", "path", "-p", "linux/amd64"]
    said = subprocess.run(
        command,
        env={**found, "XDG_CACHE_HOME": os.fsdecode(folder)},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(folder)
    assert Path(os.fsdecode(said.stdout.rstrip(b"\n"))).is_dir()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_show_everything(encoding: str, failing: Path) -> None:
    command = [sys.executable, "-m", "xxpy", "build", "-p", "linux/amd64"]
    variables = {**environment(failing), "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(command, cwd=failing, env=variables, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_json_reads_back(named: Path) -> None:
    _, said = run("inspect", "--json", f"dist/linux_amd64/x{EVIL}", folder=named)
    assert json.loads(said)[0]["name"].endswith(EVIL)


def test_only_one_module_prints() -> None:
    found = []
    for path in (ROOT / "xxpy").rglob("*.py"):
        calls = (
            node.func
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
        )
        names = {ast.unparse(call) for call in calls}
        found += [path.name] if names & {"print", "click.echo", "click.secho"} else []
    assert sorted(found) == ["failures.py", "printing.py"]
