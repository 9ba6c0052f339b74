"""What ``xxpy dockerfile new`` reads from a project, and what it refuses; the golden files show each text, tests/container builds some."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.dockerfile.exams import sources
from xxpy.cli.group import group
from xxpy.errors import XxpyError
from xxpy.language.go import constraint, module
from xxpy.language.rust import package

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "package main\nfunc main() {}\n"
C = 'package db\n\n/*\nint x;\n*/\nimport "C"\n'


@dataclass(frozen=True)
class Done:
    """What came of a call."""

    returncode: int
    stdout: str
    stderr: str


def xxpy(folder: Path, *words: str | Path) -> Done:
    """Call the command in this process; tests of errors as the command line prints them are in test_cli.py."""
    with chdir(folder):
        done = CliRunner().invoke(group, ["dockerfile", "new", *map(str, words)])
    error = done.exception
    if isinstance(error, XxpyError):
        return Done(error.exit_code, done.stdout, f"error: {error.message}\nhint: {error.hint}\n")
    assert error is None or isinstance(error, SystemExit), error
    return Done(done.exit_code, done.stdout, done.stderr)


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_a_go_project_says_everything_itself(tmp_path: Path) -> None:
    project(tmp_path, {"go.mod": "module example.com/team/shop/v2\n", "main.go": MAIN})
    done = xxpy(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "language=go base=debian runtime=scratch mode=xx name=shop\n" in done.stdout
    assert "-o /out/usr/bin/shop . &&" in done.stdout
    assert "RUN --mount=type=cache,target=/go/pkg/mod go mod download\n" in done.stdout


def test_the_only_program_below_is_taken_and_one_of_several_named(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "go.mod": "module a.b/c\n",
            "c.go": "package c\n",
            "cmd/server/main.go": MAIN,
            "tool.go": "//go:build ignore\n\n" + MAIN,
        },
    )
    assert "-o /out/usr/bin/server ./cmd/server &&" in xxpy(tmp_path).stdout
    project(tmp_path, {"cmd/client/main.go": MAIN})
    several = xxpy(tmp_path)
    assert (several.returncode, several.stdout) == (2, "")
    assert (
        several.stderr
        == "error: there are several programs: ./cmd/client, ./cmd/server\nhint: name one: --package ./cmd/client\n"
    )
    assert (
        "-o /out/usr/bin/server ./cmd/server &&" in xxpy(tmp_path, "--package", "cmd/server").stdout
    )
    assert (
        "-o /out/usr/bin/shop ./cmd/server &&"
        in xxpy(tmp_path, "--package", "./cmd/server/", "--name", "shop").stdout
    )
    assert "-o /out/usr/bin/x a.b/c/cmd/x &&" in xxpy(tmp_path, "--package", "a.b/c/cmd/x").stdout


@pytest.mark.parametrize(
    ("files", "evidence"),
    [
        ({"db/db.go": C}, 'db/db.go has import "C"'),
        ({"vendor/a.b/c/c.go": C}, 'vendor/a.b/c/c.go has import "C"'),
        (
            {"go.mod": "module a.b/c\nrequire github.com/mattn/go-sqlite3 v1.14.0\n"},
            "go.mod requires github.com/mattn/go-sqlite3",
        ),
        (
            {
                "go.mod": "module a.b/c\nrequire (\n\tgithub.com/confluentinc/confluent-kafka-go/v2 v2.1.0 // indirect\n)\n"
            },
            "go.mod requires github.com/confluentinc/confluent-kafka-go/v2",
        ),
        (
            {
                "go.mod": "module a.b/c\n// github.com/mattn/go-sqlite3 v1.14.0\nrequire modernc.org/sqlite v1.1.0\n"
            },
            "",
        ),
        ({"go.mod": "module github.com/mattn/go-sqlite3\n"}, ""),
        ({"db/db_windows.go": C}, ""),
        ({"db/db_linux_arm64.go": C}, 'db/db_linux_arm64.go has import "C"'),
        ({"db/db.go": "//go:build !cgo || ignore\n\n" + C}, ""),
        ({"db/db_test.go": C}, ""),
        ({"testdata/db.go": C}, ""),
    ],
)
def test_whether_cgo_is_needed(files: dict[str, str], evidence: str, tmp_path: Path) -> None:
    project(tmp_path, {"go.mod": "module a.b/c\n", "main.go": MAIN} | files)
    done = xxpy(tmp_path)
    assert done.stderr == (
        f"note: cgo is on: {evidence}; --no-cgo turns it off\n" if evidence else ""
    )
    assert ("CGO_ENABLED=1" in done.stdout) == bool(evidence)
    assert "CGO_ENABLED=0" in xxpy(tmp_path, "--no-cgo").stdout
    forced = xxpy(tmp_path, "--cgo")
    assert ("CGO_ENABLED=1" in forced.stdout, forced.stderr) == (True, "")


@pytest.mark.parametrize(
    ("expression", "true"),
    [
        ("linux", True),
        ("!linux", False),
        ("windows || linux && cgo", True),
        ("(windows || linux) && !cgo", False),
        ("!(windows || darwin)", True),
        ("go1.21 && linux", True),
        ("custom", False),
        ("linux &&", True),
        ("((linux)", True),
    ],
)
def test_build_constraints(expression: str, true: bool) -> None:
    assert constraint.holds(expression, {"linux", "cgo"}) is true


def test_dependencies_that_are_folders_get_no_layer(tmp_path: Path) -> None:
    project(tmp_path, {"go.mod": "module a.b/c\nreplace x.y/z => ./z\n", "main.go": MAIN})
    assert not module.is_alone(tmp_path)
    assert "go mod download" not in xxpy(tmp_path).stdout


@pytest.mark.parametrize(
    ("manifest", "alone"),
    [
        ('[package]\nname = "p"\n', True),
        ('[package]\nname = "p"\n[[bin]]\nname = "q"\npath = "src/q.rs"\n', True),
        ('[package]\nname = "p"\n[[bin]]\nname = "q"\n', False),
        ('[package]\nname = "p"\n[dependencies]\nx = { path = "x" }\n', False),
        ('[package]\nname = "p"\n[target."cfg(unix)".dependencies]\nx = { path = "x" }\n', False),
        ('[package]\nname = "p"\n[patch.crates-io]\nx = { path = "x" }\n', False),
        ('[package]\nname = "p"\n[workspace]\n', False),
        ('[package]\nname = "p"\n[dependencies]\nx = "1"\ny = { git = "https://x.y/z" }\n', True),
    ],
)
def test_a_manifest_that_tells_all_dependencies(manifest: str, alone: bool, tmp_path: Path) -> None:
    project(tmp_path, {"Cargo.toml": manifest, "Cargo.lock": "", "src/main.rs": "fn main() {}\n"})
    assert package.is_alone(tmp_path) is alone
    assert ("cargo fetch --locked" in xxpy(tmp_path).stdout) is alone
    (tmp_path / "Cargo.lock").unlink()
    assert not package.is_alone(tmp_path)


def test_the_program_of_a_cargo_project(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "Cargo.toml": '[package]\nname = "p"\n[[bin]]\nname = "q"\npath = "q.rs"\n',
            "q.rs": "fn main() {}\n",
        },
    )
    assert "release/q /out/usr/bin/q" in xxpy(tmp_path).stdout
    members = {f"{name}/Cargo.toml": f'[package]\nname = "{name}"\n' for name in ("one", "two")}
    work = project(
        tmp_path / "work",
        {"Cargo.toml": '[workspace]\nmembers = ["*"]\n', "one/src/main.rs": "fn main() {}\n"}
        | members,
    )
    several = xxpy(work, "--language", "rust")
    assert (several.returncode, several.stderr.splitlines()[0]) == (
        2,
        "error: there are several packages: one, two",
    )
    assert (
        "--package two && \\\n    install -D target/$(xx-cargo --print-target-triple)/release/two "
        in xxpy(work, "--language", "rust", "--package", "two").stdout
    )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"CMakeLists.txt": "add_executable(a a.c)\n"}, "language=c system=cmake"),
        ({"meson.build": "project('a', 'c')\nexecutable('a', 'a.c')\n"}, "language=c system=meson"),
        ({"Makefile": "a: a.c\n\tcc -o a a.c\n"}, "language=c system=make"),
        ({"configure.ac": "AC_INIT\n"}, "language=c system=autotools"),
    ],
)
def test_the_language_is_the_project_s(files: dict[str, str], words: str, tmp_path: Path) -> None:
    done = xxpy(project(tmp_path, files))
    assert done.stdout.startswith(f"# xxpy: begin new {words} base="), done.stderr


def test_where_there_is_no_project(tmp_path: Path) -> None:
    done = xxpy(tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        "error: there is no project here to take the language from",
    )
    assert "name=app" in xxpy(tmp_path, "--language", "go").stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--language", "rust", "--cgo"), "--cgo is for Go, and this Dockerfile is for rust"),
        (("--language", "c", "--no-cgo"), "--no-cgo is for Go, and this Dockerfile is for c"),
        (
            ("--language", "go", "--cgo", "--mode", "args"),
            "mode args gives Go the names of the target and no C compiler, which Go with C in it (cgo) needs",
        ),
        (
            ("--language", "go", "--cgo", "--build-system", "go"),
            "--cgo and --build-system go exclude each other",
        ),
        (
            ("--language", "c", "--package", "x"),
            "--package is for Go and Cargo; with C the project's own files say what is built",
        ),
        (
            ("--language", "go", "--cgo", "--base", "alpine", "--runtime", "debian"),
            "a program that was built on alpine needs the C library musl, and debian has gnu",
        ),
        (
            ("--language", "go", "--health-check", "'a"),
            '--health-check "\'a" cannot be read: No closing quotation',
        ),
        (
            ("--language", "go", "--health-check", ""),
            "--health-check needs the arguments of the program",
        ),
        (("--language", "cobol"), "there is no language cobol"),
        (("--language", "go", "--port", "x"), "'x' is no port"),
    ],
)
def test_what_is_refused_says_why(words: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = xxpy(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (
        2,
        "",
        f"error: {message}",
    )
    assert done.stderr.splitlines()[1].startswith("hint: ")


def test_data_that_images_lack_is_copied(tmp_path: Path) -> None:
    certificates, zones = "/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo"
    words = ("--language", "go", "--runtime")
    copied = {
        runtime: xxpy(tmp_path, *words, runtime).stdout for runtime in sources().recipes.runtimes
    }
    assert {runtime: (certificates in text, zones in text) for runtime, text in copied.items()} == {
        "scratch": (True, True),
        "distroless": (False, False),
        "debian": (True, True),
        "alpine": (False, True),
    }
    none = xxpy(tmp_path, *words, "scratch", "--no-certificates", "--no-time-zones").stdout
    assert "apt-get" not in none
    assert certificates not in none


def test_a_dockerignore_is_written_beside_it(tmp_path: Path) -> None:
    first = xxpy(tmp_path, "--language", "go", "-o", "sub.Dockerfile")
    assert first.stderr == ".dockerignore keeps out of the build what no step reads\n"
    text = (tmp_path / ".dockerignore").read_text()
    assert "**/.git\n" in text
    (tmp_path / ".dockerignore").write_text("mine\n")
    again = xxpy(tmp_path, "--language", "go", "-o", "sub.Dockerfile", "--write")
    assert (again.stderr, (tmp_path / ".dockerignore").read_text()) == (
        ".dockerignore already exists and is unchanged\n",
        "mine\n",
    )
