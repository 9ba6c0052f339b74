"""``xxpy dockerfile check`` and ``convert`` as people and machines call them."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import EXAM
from xxpy.dockerfile.check import RULES
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
        "Dockerfile:2  XX101 warning  this step compiles under emulation for a foreign platform\n"
        "    2 │ RUN CGO_ENABLED=0 go build -o /app\n"
        '      │ stage "build" starts from golang in the target\'s platform (line 1)\n'
        "  fix: FROM --platform=$BUILDPLATFORM golang, and tell the compiler the target: xxpy dockerfile convert --diff\n"
        "1 warning\n"
    )


def test_no_findings(folder: Path) -> None:
    (folder / "Dockerfile").write_text(GOOD)
    done = xxpy("check", folder=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings\n", "")


def test_every_line_of_a_stage_is_named(folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        "FROM --platform=$TARGETPLATFORM debian\nRUN a\nRUN b\nRUN c\n"
    )
    done = xxpy("check", folder=folder)
    assert done.returncode == 0
    assert done.stdout == (
        "Dockerfile:1  XX104 remark (RedundantTargetPlatform)  stage 0 asks for the platform that it has anyway\n"
        "    1 │ FROM --platform=$TARGETPLATFORM debian\n"
        "      │ a stage without --platform is the target's\n"
        "  fix: leave --platform out\n"
        "Dockerfile:2  XX102 remark  3 steps of stage 0 run under emulation for a foreign platform\n"
        "    2 │ RUN a\n"
        "      │ … and lines 3, 4\n"
        "      │ stage 0 starts from debian in the target's platform (line 1)\n"
        "  fix: copy the result from a stage FROM --platform=$BUILDPLATFORM; or write # xxpy: ignore=XX102 above the step,"
        " or above FROM for the stage\n"
        "2 remarks\n"
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("FROM scratch\n", {"error": 0, "warning": 0, "remark": 0, "never": 0}),
        ("FROM debian\nRUN a\n", {"error": 0, "warning": 0, "remark": 1, "never": 0}),
        (SLOW, {"error": 0, "warning": 1, "remark": 1, "never": 0}),
        (
            "FROM scratch\nARG TARGETARCH=amd64\n",
            {"error": 1, "warning": 1, "remark": 1, "never": 0},
        ),
    ],
)
def test_which_findings_fail(text: str, codes: dict[str, int], folder: Path) -> None:
    (folder / "Dockerfile").write_text(text)
    assert {
        word: xxpy("check", "--fail-on", word, folder=folder).returncode for word in codes
    } == codes


def test_a_baseline_is_written_and_read(folder: Path) -> None:
    (folder / "ci").mkdir()
    words = ("check", "--baseline", "ci/known.json", "Dockerfile")
    missing = xxpy(*words, folder=folder)
    assert missing.returncode == 7
    assert (
        missing.stderr == "error: ci/known.json: no such file\nhint: --write-baseline writes it\n"
    )
    written = xxpy(*words, "--write-baseline", folder=folder)
    assert (written.returncode, written.stdout, written.stderr) == (
        0,
        "",
        "ci/known.json has 1 finding\n",
    )
    known = json.loads((folder / "ci/known.json").read_text())
    assert known == {
        "version": 1,
        "findings": [
            {
                "file": "../Dockerfile",
                "code": "XX101",
                "stage": "build",
                "text": "RUN CGO_ENABLED=0 go build -o /app",
            }
        ],
    }
    same = xxpy(*words, folder=folder)
    assert (same.returncode, same.stdout) == (0, "no findings\n")
    (folder / "Dockerfile").write_text(
        "# more\n" + SLOW.replace("FROM scratch", "FROM --platform=linux/386 x")
    )
    more = xxpy(*words, folder=folder)
    assert (more.returncode, more.stdout.splitlines()[-1]) == (1, "1 warning")
    assert "XX103" in more.stdout
    (folder / "Dockerfile").write_text(GOOD)
    gone = xxpy(*words, folder=folder)
    assert (gone.returncode, gone.stderr) == (
        0,
        "ci/known.json: 1 finding of it is no longer there; --write-baseline renews it\n",
    )
    (folder / "ci/known.json").write_text("{")
    broken = xxpy(*words, folder=folder)
    assert broken.returncode == 7
    assert broken.stderr.startswith("error: ci/known.json cannot be read: ")
    assert xxpy("check", "--write-baseline", folder=folder).returncode == 2


def test_a_code_is_explained(folder: Path) -> None:
    assert [line.split()[0] for line in xxpy("rule", folder=folder).stdout.splitlines()] == list(
        RULES
    )
    assert xxpy("rule", "xx101", folder=folder).stdout.startswith("## XX101\n")
    assert xxpy("rule", "RedundantTargetPlatform", folder=folder).stdout.startswith("## XX104\n")
    unknown = xxpy("rule", "XX110", folder=folder)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr.startswith("error: there is no code XX110\nhint: ")


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
    assert [
        (entry["severity"], entry["docker"], entry["lines"], entry["stage"]) for entry in found
    ] == [("warning", None, [2], "build")]
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


def test_severities_for_machines(folder: Path) -> None:
    text = "FROM --platform=$TARGETPLATFORM debian\nARG TARGETARCH=amd64\n# xxpy: ignore=nothing\nRUN a\n"
    (folder / "Dockerfile").write_text(text)
    github = xxpy("check", "--format", "github", folder=folder)
    assert [line.split()[0] for line in github.stdout.splitlines()] == [
        "::notice",
        "::error",
        "::warning",
        "::notice",
    ]
    (run,) = json.loads(xxpy("check", "--format", "sarif", folder=folder).stdout)["runs"]
    assert [result["level"] for result in run["results"]] == ["note", "error", "warning", "note"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["XX104"]["name"] == "RedundantTargetPlatform"
    assert rules["XX104"]["defaultConfiguration"] == {"level": "note"}
    assert len({result["partialFingerprints"]["xxpy/v1"] for result in run["results"]}) == 4


def test_a_code_that_is_left_out(folder: Path) -> None:
    assert xxpy("check", "--ignore", "XX101", folder=folder).stdout == "no findings\n"
    (folder / "Dockerfile").write_text("FROM --platform=$TARGETPLATFORM debian\n")
    assert (
        xxpy("check", "--ignore", "redundanttargetplatform", folder=folder).stdout
        == "no findings\n"
    )
    unknown = xxpy("check", "--ignore", "XX111", folder=folder)
    assert (unknown.returncode, unknown.stderr.splitlines()[0]) == (
        2,
        "error: there is no code XX111",
    )


def test_several_files_and_the_standard_input(folder: Path) -> None:
    (folder / "other").write_text("FROM debian\nRUN ls\n")
    done = xxpy("check", "Dockerfile", "other", folder=folder)
    assert [
        line.split()[:2] for line in done.stdout.splitlines() if line.startswith(("D", "o"))
    ] == [
        ["Dockerfile:2", "XX101"],
        ["other:2", "XX102"],
    ]
    assert done.stdout.endswith("1 warning, 1 remark\n")
    assert xxpy("check", "-", folder=folder, stdin=GOOD).returncode == 0


@pytest.mark.parametrize("verb", ["check", "convert"])
def test_a_file_that_cannot_be_read(verb: str, folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM a\nRUN <<EOF\n")
    done = xxpy(verb, folder=folder)
    assert (done.returncode, done.stdout) == (DockerfileError.exit_code, "")
    assert done.stderr == "error: Dockerfile:2:1: unterminated heredoc\n"
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
    assert again.stderr == "Dockerfile is unchanged\n"


def test_convert_says_what_it_leaves(folder: Path) -> None:
    (folder / "Dockerfile").write_text((EXAM / "go-single-stage/Dockerfile").read_text())
    done = xxpy("convert", "--write", folder=folder)
    assert done.stderr.splitlines() == [
        "Dockerfile:1: left as it is: stage 0 is the image and compiles too; let a stage of its own compile and copy the program from there",
        "Dockerfile is unchanged",
    ]


def test_convert_says_what_the_build_needs(folder: Path) -> None:
    assert (
        "--build-context tools=xx"
        in xxpy("convert", "--mode", "xx", "--image", "tools", folder=folder).stderr
    )
    assert "xxpy wrappers export xx" in xxpy("convert", "--mode", "vendored", folder=folder).stderr


def test_two_options_that_exclude_each_other(folder: Path) -> None:
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
    assert "XX501 warning  the generated part inline is stale" in done.stdout
    assert xxpy("check", "--update", folder=folder).returncode == 0
    assert path.read_text() == fresh
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_part_that_nobody_knows(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM a\n# xxpy: begin nothing\n# xxpy: end\n")
    done = xxpy("check", folder=folder)
    assert done.returncode == 2
    assert "there is no generated part nothing" in done.stderr


MAKE = "FROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN make\n\nFROM scratch\nCOPY --from=build /src/app /\n"


def test_convert_reads_the_project_in_its_context(folder: Path) -> None:
    (folder / "docker").mkdir()
    (folder / "docker/Dockerfile").write_text(MAKE)
    alone = xxpy("convert", "docker/Dockerfile", folder=folder)
    assert alone.stdout == MAKE
    assert "docker/Dockerfile:4: left as it is: make: its makefile is not beside" in alone.stderr
    (folder / "Makefile").write_text("app:\n\tCGO_ENABLED=0 go build -o app .\n")
    named = xxpy("convert", "--context", ".", "docker/Dockerfile", folder=folder)
    assert "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make\n" in named.stdout
    assert named.stderr == ""
    (folder / ".git").mkdir()
    found = xxpy("convert", "docker/Dockerfile", folder=folder)
    assert found.stdout == named.stdout


def test_convert_finds_the_context_by_what_the_commands_read(folder: Path) -> None:
    (folder / "a/b").mkdir(parents=True)
    (folder / "Makefile").write_text("app:\n\tCGO_ENABLED=0 go build -o app .\n")
    (folder / "a/b/Dockerfile").write_text(MAKE.replace("COPY", "ADD", 1))
    (folder / "a/b/.gitignore").write_text("app\n")
    assert "its makefile is not beside" in xxpy("convert", "a/b/Dockerfile", folder=folder).stderr
    # As a tarball of a release has it, there is no repository.
    (folder / ".gitignore").write_text("app\n")
    moved = xxpy("convert", "a/b/Dockerfile", folder=folder)
    assert "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make\n" in moved.stdout
    (folder / "a/b/Dockerfile").write_text(MAKE.replace("make", "./tools/build.sh"))
    (folder / "a/b/tools").mkdir()
    (folder / "a/b/tools/build.sh").write_text("CGO_ENABLED=0 go build -o app .\n")
    beside = xxpy("convert", "a/b/Dockerfile", folder=folder)
    assert "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH ./tools/build.sh\n" in beside.stdout


def test_convert_reads_nothing_outside_its_context(folder: Path) -> None:
    (folder / "project").mkdir()
    (folder / "Makefile").write_text("app:\n\tCGO_ENABLED=0 go build -o app .\n")
    (folder / "project/Makefile").symlink_to("../Makefile")
    (folder / "project/Dockerfile").write_text(MAKE)
    done = xxpy("convert", "project/Dockerfile", folder=folder)
    assert "its makefile is not beside the Dockerfile" in done.stderr


def test_convert_moves_what_it_does_not_understand_when_told_to(folder: Path) -> None:
    (folder / "Dockerfile").write_text(SLOW.replace("RUN ", "RUN frobnicate && "))
    left = xxpy("convert", folder=folder)
    assert (
        "Dockerfile:2: left as it is: frobnicate: what this command does is not known"
        in left.stderr
    )
    moved = xxpy("convert", "--aggressive", folder=folder)
    assert "Dockerfile:2: converted all the same: frobnicate" in moved.stderr
    comment = "# xxpy: not understood: frobnicate: what this command does is not known\n"
    assert moved.stdout.startswith(
        f"FROM --platform=$BUILDPLATFORM golang AS build\nARG TARGETOS TARGETARCH\n{comment}RUN"
    )
    (folder / "Dockerfile").write_text(moved.stdout)
    again = xxpy("convert", "--aggressive", folder=folder)
    assert (again.stdout, again.stderr) == (moved.stdout, "")
