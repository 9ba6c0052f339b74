"""New Dockerfiles, snippets and the marker lines; the golden files show each text."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import sources
from tests.golden.generated import FULL, requests
from xxpy.cli.dockerfile.sources import known
from xxpy.dockerfile.check import Finding, check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.dockerfile.write import recipe
from xxpy.dockerfile.write.request import Request
from xxpy.dockerfile.write.request import read as read_request
from xxpy.errors import TableError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

REQUESTS = requests()


def name(asked: Request) -> str:
    return f"{asked.language}-{asked.system}-{asked.base}-{asked.runtime}-{asked.mode}"


def findings(text: str) -> list[Finding]:
    return check(read(parse(text)), sources().tools, facts=known())


@pytest.mark.parametrize("asked", REQUESTS, ids=name)
def test_a_new_file_has_no_findings_and_is_fresh(asked: Request) -> None:
    text = dockerfile.new(sources(), asked)
    assert findings(text) == []
    assert dockerfile.stale(sources(), text) == []
    assert read_request(asked.words()) == asked


@pytest.mark.parametrize("snippet", sources().recipes.snippets)
def test_a_snippet_goes_into_a_stage(snippet: str) -> None:
    text = dockerfile.snippet(sources(), snippet)
    whole = text if "\nFROM" in text else f"FROM --platform=$BUILDPLATFORM debian\n{text}"
    assert findings(whole) == []
    assert dockerfile.stale(sources(), whole) == []


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Request("cobol"), "there is no language cobol"),
        (Request("c", "cargo"), "there is no build system cargo"),
        (Request("go", base="windows"), "there is no base windows"),
        (Request("go", runtime="scrach"), "there is no runtime scrach"),
        (
            Request("rust", mode="args"),
            "mode args gives Go the names of the target and no C compiler, which cargo needs",
        ),
        (
            Request("go", "cgo", mode="inline"),
            "mode inline gives Go the names of the target and no C compiler, which Go with C in it (cgo) needs",
        ),
        (
            Request("c", base="alpine", runtime="distroless"),
            "a program that was built on alpine needs the C library musl, and distroless has gnu",
        ),
        (
            Request("c", package="x"),
            "--package is for Go and Cargo; with C the project's own files say what is built",
        ),
        (
            Request("c", "cmake", package="x"),
            "with cmake the project's own files say what is built",
        ),
        (Request("go", package="a b"), "'a b' cannot be a package"),
        (Request("go", package="-x"), "'-x' cannot be a package"),
        (Request("go", ports=("http",)), "'http' is no port"),
        (Request("go", ports=("65536",)), "'65536' is no port"),
        (Request("go", health=("a\nb",)), "the health check has control characters"),
        (
            Request("go", name="../../etc/passwd"),
            "'../../etc/passwd' cannot be the name of a program",
        ),
        (Request("go", name="a b"), "'a b' cannot be the name of a program"),
        (Request("go", name=".."), "'..' cannot be the name of a program"),
        (Request("go", name='x"; rm'), "cannot be the name of a program"),
    ],
)
def test_what_does_not_go_together(asked: Request, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        dockerfile.new(sources(), asked)
    assert message in caught.value.message


def test_a_request_of_everything_is_read_again() -> None:
    text = dockerfile.new(sources(), FULL)
    assert findings(text) == []
    assert dockerfile.stale(sources(), text) == []
    assert read_request(FULL.words()) == FULL
    assert 'CMD ["/usr/bin/server", "health", "--url", "a b"]' in text


@pytest.mark.parametrize(
    "words",
    [
        "",
        "language",
        "name=x",
        "language=go layer=maybe",
        "language=go lang=c",
        'language=go name="x',
        "language=go ports='\"'",
    ],
)
def test_marker_lines_that_cannot_be_read(words: str) -> None:
    with pytest.raises(UsageError, match="a marker line cannot be read"):
        read_request(words)


def test_a_dockerignore_keeps_what_steps_read() -> None:
    for language in sources().recipes.languages:
        patterns = dockerfile.ignore(sources(), language).splitlines()
        assert "**/.git" in patterns
        assert not {"**/bin", "src", "vendor", "Cargo.lock", "go.sum", "*", "LICENSE", "xx"} & set(
            patterns
        )


def test_a_stale_part_is_found_with_its_line_and_renewed() -> None:
    fresh = "FROM a\n\n" + dockerfile.snippet(sources(), "verify") + "CMD x\n"
    old = fresh.replace("xx-verify", "xx-check")
    assert dockerfile.stale(sources(), old) == [(3, "snippet")]
    assert dockerfile.renew(sources(), old) == fresh
    assert dockerfile.renew(sources(), fresh) == fresh
    assert dockerfile.renew(sources(), old.removesuffix("\nCMD x\n")) == fresh.removesuffix(
        "\nCMD x\n"
    )


def test_a_marker_line_that_somebody_damaged() -> None:
    with pytest.raises(UsageError, match="a marker line cannot be read"):
        dockerfile.renew(sources(), "# xxpy: begin new lang=go\n# xxpy: end\n")


def test_rows_that_are_faulty() -> None:
    with pytest.raises(TableError) as caught:
        recipe.load('[base.x]\nlibc = 1\nmanager = "apt"\nsource = ""\nimages = {}\n')
    assert caught.value.faults == ("dockerfile/recipes.toml: base.x.libc: 1 is not a string",)


def xxpy(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xxpy", "dockerfile", *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_new_writes_and_replaces_only_when_told(tmp_path: Path) -> None:
    assert xxpy("new", "--language", "go", "-o", "Dockerfile", folder=tmp_path).returncode == 0
    text = (tmp_path / "Dockerfile").read_text()
    assert text == xxpy("new", "--language", "go", folder=tmp_path).stdout
    (tmp_path / "Dockerfile").write_text("mine\n")
    refused = xxpy("new", "--language", "go", "-o", "Dockerfile", folder=tmp_path)
    assert (refused.returncode, (tmp_path / "Dockerfile").read_text()) == (9, "mine\n")
    assert (
        xxpy("new", "--language", "go", "-o", "Dockerfile", "--write", folder=tmp_path).returncode
        == 0
    )
    assert (tmp_path / "Dockerfile").read_text() == text


def test_snippets_are_listed_and_printed(tmp_path: Path) -> None:
    listed = [line.split()[0] for line in xxpy("snippet", folder=tmp_path).stdout.splitlines()]
    assert listed == list(sources().recipes.snippets)
    assert "TARGETPLATFORM" in xxpy("snippet", "primer", folder=tmp_path).stdout
    assert "did you mean cmake?" in xxpy("snippet", "cmak", folder=tmp_path).stderr
