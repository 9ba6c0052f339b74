"""Where there is no room: a full disk, a quota, and a limit on the size of files, whoever meets them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.build.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "linux/amd64"
LARGE = "char large[3000000] = {1};\nint main(void) { return large[5]; }\n"
PROJECTS = {
    "c": {"x.c": LARGE},
    "make": {"Makefile": "all: x\nx: x.c\n\t$(CC) -o x x.c\n", "x.c": LARGE},
    "go": {
        "go.mod": "module x\ngo 1.20\n",
        "main.go": 'package main\nimport "fmt"\nfunc main() { fmt.Println(1) }\n',
    },
    "rust": {
        "Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
        "src/main.rs": "fn main() {}\n",
    },
}


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Xxpy:
    folder = tmp_path / "p"
    for name, text in PROJECTS[request.param].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Xxpy(folder, tmp_path / "cache")


def below(project: Xxpy, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in which ``"$@"`` builds the project."""
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    command += [sys.executable, "-m", "xxpy", "build", "-q", "-p", PLATFORM]
    environment = {**project.environment, **variables}
    return subprocess.run(
        command, cwd=project.folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("project", PROJECTS, indirect=True)
def test_a_limit_on_the_size_of_files_is_named(project: Xxpy) -> None:
    done = below(project, 'ulimit -f 400; exec "$@"')
    assert done.returncode == 9, done.stderr
    assert "a file would be larger than this process may write" in done.stderr
    assert "hint: let it write larger files: ulimit -f" in done.stderr
    assert not (project.folder / "dist" / "linux_amd64").exists()


@pytest.mark.parametrize("project", PROJECTS, indirect=True)
@pytest.mark.parametrize(
    "size",
    ["200k", *(pytest.param(size, marks=pytest.mark.slow) for size in ("4k", "1m"))],
)
def test_a_full_disk_for_temporary_files_and_caches(
    size: str, project: Xxpy, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size={size} none {small} && exec "$@"'
    done = below(
        project, script, TMPDIR=str(small), XDG_CACHE_HOME=f"{small}/cache", GOCACHE=f"{small}/go"
    )
    assert done.returncode in {0, 9}, done.stderr
    assert (done.returncode == 9) == ("no space is left on the disk" in done.stderr), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("size", ["3m", "30m"])
@pytest.mark.parametrize("project", ["c"], indirect=True)
def test_a_full_disk_for_the_libc_of_zig(size: str, project: Xxpy, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size={size} none {small} && exec "$@" --cc zig'
    done = below(project, script, TMPDIR=str(small), XDG_CACHE_HOME=f"{small}/cache")
    assert done.returncode == 9, done.stderr
    assert "no space is left on the disk" in done.stderr


@pytest.mark.parametrize("project", ["c"], indirect=True)
@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("EDQUOT", "the disk quota is reached"),
        ("EFBIG", "a file would be larger than this process may write"),
        ("ENOSPC", "no space is left on the disk"),
    ],
)
def test_what_the_system_says_to_xxpy_itself(error: str, message: str, project: Xxpy) -> None:
    done = below(
        project,
        f'exec strace -f -qq -o /dev/null -e trace=fsync -e inject=fsync:error={error} "$@"',
    )
    assert done.returncode == 9, done.stderr
    assert message in done.stderr


@pytest.mark.parametrize("project", ["make"], indirect=True)
def test_a_build_that_only_speaks_of_a_full_disk_is_none(project: Xxpy) -> None:
    (project.folder / "Makefile").write_text(
        "all: x\nx: x.c\n\t@echo No space left on device\n\t$(CC) -o x x.c\n"
    )
    assert below(project, 'exec "$@"').returncode == 0
