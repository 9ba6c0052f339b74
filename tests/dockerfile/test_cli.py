"""``xxpy dockerfile check`` and ``convert`` as people and machines call them."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import EXAM
from xxpy.errors import DockerfileError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "FROM scratch\n"
SLOW = "FROM golang AS build\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /\n"


def xxpy(*words: str | Path, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xxpy", "dockerfile", *map(str, words)]
    return subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(SLOW)
    return tmp_path


def test_findings_for_people(folder: Path) -> None:
    done = xxpy("check", folder=folder)
    assert done.returncode == 1
    assert done.stdout == (
        "Dockerfile:2  XX101  this step compiles under emulation for a foreign platform\n"
        "    2 │ RUN CGO_ENABLED=0 go build -o /app\n"
        '      │ stage "build" starts from golang in the target\'s platform (line 1)\n'
        "  mend: FROM --platform=$BUILDPLATFORM golang, and tell the compiler the target: xxpy dockerfile convert --diff\n"
        "1 finding\n"
    )


def test_no_findings(folder: Path) -> None:
    (folder / "Dockerfile").write_text(GOOD)
    done = xxpy("check", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings\n", "")


def test_the_platforms_that_are_meant_are_named(folder: Path) -> None:
    done = xxpy("check", "--platform", "linux/s390x,linux/arm", folder=folder)
    assert "for linux/s390x, linux/arm/v7" in done.stdout
    own = xxpy("check", "--platform", "local", folder=folder)
    assert own.returncode == 0


def test_findings_for_machines(folder: Path) -> None:
    found = json.loads(xxpy("check", "--format", "json", folder=folder).stdout)
    assert [(entry["file"], entry["line"], entry["column"], entry["code"]) for entry in found] == [
        ("Dockerfile", 2, 5, "XX101")
    ]
    sarif = json.loads(xxpy("check", "--format", "sarif", folder=folder).stdout)
    assert sarif["version"] == "2.1.0"
    result = sarif["runs"][0]["results"][0]
    assert (
        sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        == result["ruleId"]
        == "XX101"
    )
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 5,
    }
    github = xxpy("check", "--format", "github", folder=folder)
    assert github.stdout.startswith(
        "::warning file=Dockerfile,line=2,col=5,title=XX101::this step compiles"
    )
    assert github.returncode == 1


def test_a_code_that_is_left_out(folder: Path) -> None:
    assert xxpy("check", "--ignore", "XX101", folder=folder).returncode == 0


def test_several_files_and_the_standard_input(folder: Path) -> None:
    (folder / "other").write_text("FROM debian\nRUN ls\n")
    done = xxpy("check", "Dockerfile", "other", folder=folder)
    assert [line.split()[:2] for line in done.stdout.splitlines() if line[:1] not in " 2"] == [
        ["Dockerfile:2", "XX101"],
        ["other:2", "XX102"],
    ]
    assert done.stdout.endswith("2 findings\n")
    assert xxpy("check", "-", folder=folder, stdin=GOOD).returncode == 0


@pytest.mark.parametrize("verb", ["check", "convert"])
def test_a_file_that_cannot_be_read(verb: str, folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM a\nRUN <<EOF\n")
    done = xxpy(verb, folder=folder)
    assert (done.returncode, done.stdout) == (DockerfileError.exit_code, "")
    assert done.stderr == "error: Dockerfile: line 2, column 1: unterminated heredoc\n"
    (folder / "Dockerfile").write_bytes(b"FROM a\xff\n")
    assert "byte 6 is not UTF-8" in xxpy(verb, folder=folder).stderr
    (folder / "Dockerfile").unlink()
    assert xxpy(verb, folder=folder).stderr.startswith("error: Dockerfile: No such file")


def test_convert_prints_and_writes_nothing(folder: Path) -> None:
    done = xxpy("convert", folder=folder)
    assert done.stdout.startswith(
        "FROM --platform=$BUILDPLATFORM golang AS build\nARG TARGETOS TARGETARCH\n"
    )
    assert (folder / "Dockerfile").read_text() == SLOW
    assert xxpy("convert", "-", folder=folder, stdin=SLOW).stdout == done.stdout


def test_convert_shows_a_difference_that_patch_takes(folder: Path) -> None:
    expected = xxpy("convert", folder=folder).stdout
    difference = xxpy("convert", "--diff", folder=folder).stdout
    (folder / "Dockerfile").write_text(SLOW)
    subprocess.run(
        ["git", "apply", "-p0", "-"], cwd=folder, input=difference, text=True, check=True
    )
    assert (folder / "Dockerfile").read_text() == expected


def test_convert_writes_at_once_and_keeps_the_mode(folder: Path) -> None:
    path = folder / "Dockerfile"
    path.chmod(0o640)
    (folder / "link").symlink_to("Dockerfile")
    before = path.stat().st_ino
    done = xxpy("convert", "--write", "link", folder=folder)
    assert done.returncode == 0
    assert path.read_text().startswith("FROM --platform=$BUILDPLATFORM")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_ino != before
    assert (folder / "link").is_symlink()
    assert sorted(path.name for path in folder.iterdir()) == ["Dockerfile", "link"]
    again = xxpy("convert", "--write", folder=folder)
    assert again.stderr == "Dockerfile stays as it is\n"


def test_convert_says_what_it_leaves(folder: Path) -> None:
    (folder / "Dockerfile").write_text((EXAM / "go-single-stage/Dockerfile").read_text())
    done = xxpy("convert", "--write", folder=folder)
    assert done.stderr.splitlines() == [
        "Dockerfile:1: left as it is: stage 0 is the image and compiles too; let a stage of its own compile and copy the program from there",
        "Dockerfile stays as it is",
    ]


def test_convert_says_what_the_build_needs(folder: Path) -> None:
    assert (
        "--build-context tools=xx"
        in xxpy("convert", "--mode", "xx", "--image", "tools", folder=folder).stderr
    )
    assert "xxpy wrappers export xx" in xxpy("convert", "--mode", "vendored", folder=folder).stderr


def test_two_wishes_that_exclude_each_other(folder: Path) -> None:
    done = xxpy("convert", "--diff", "--write", folder=folder)
    assert done.returncode == 2
    assert (folder / "Dockerfile").read_text() == SLOW


def test_a_stale_part_is_found_and_renewed(folder: Path) -> None:
    path = folder / "Dockerfile"
    xxpy(
        "convert",
        "--write",
        "--mode",
        "inline",
        "--platform",
        "linux/arm64,linux/arm/v6",
        folder=folder,
    )
    fresh = path.read_text()
    assert "GOARM=6" in fresh
    assert xxpy("check", folder=folder).returncode == 0
    path.write_text(fresh.replace("GOARM=6", "GOARM=5"))
    path.chmod(0o600)
    done = xxpy("check", folder=folder)
    assert done.returncode == 1
    assert "XX501  the generated part inline is stale" in done.stdout
    assert xxpy("check", "--update", folder=folder).returncode == 0
    assert path.read_text() == fresh
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_part_that_nobody_knows(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM a\n# xxpy: begin nothing\n# xxpy: end\n")
    done = xxpy("check", folder=folder)
    assert done.returncode == 2
    assert "there is no generated part nothing" in done.stderr
