"""New Dockerfiles, snippets and the marker lines; the golden files show each text."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import sources
from tests.golden.generated import wishes
from xxpy.cli.dockerfile.sources import known
from xxpy.dockerfile.check import Finding, check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse
from xxpy.dockerfile.write import parts as dockerfile
from xxpy.dockerfile.write import recipe
from xxpy.dockerfile.write.recipe import Wish
from xxpy.errors import TableError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

WISHES = wishes()


def name(wish: Wish) -> str:
    return f"{wish.language}-{wish.system}-{wish.base}-{wish.runtime}-{wish.mode}"


def findings(text: str) -> list[Finding]:
    return check(read(parse(text)), sources().tools, facts=known())


@pytest.mark.parametrize("wish", WISHES, ids=name)
def test_a_new_file_has_no_findings_and_is_fresh(wish: Wish) -> None:
    text = dockerfile.new(sources(), wish)
    assert findings(text) == []
    assert dockerfile.stale(sources(), text) == []
    assert recipe.wish(wish.words()) == wish


@pytest.mark.parametrize("snippet", sources().recipes.snippets)
def test_a_snippet_goes_into_a_stage(snippet: str) -> None:
    text = dockerfile.snippet(sources(), snippet)
    whole = text if "\nFROM" in text else f"FROM --platform=$BUILDPLATFORM debian\n{text}"
    assert findings(whole) == []
    assert dockerfile.stale(sources(), whole) == []


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        (Wish("cobol"), "there is no language cobol"),
        (Wish("c", "cargo"), "there is no build system cargo"),
        (Wish("go", base="windows"), "there is no base windows"),
        (Wish("go", runtime="scrach"), "there is no runtime scrach"),
        (Wish("rust", mode="args"), "mode args is for Go, not for rust"),
        (Wish("c", base="alpine", runtime="distroless"), "a program that was built on alpine does not run on distroless"),
        (Wish("go", name="../../etc/passwd"), "'../../etc/passwd' cannot be the name of a program"),
        (Wish("go", name="a b"), "'a b' cannot be the name of a program"),
        (Wish("go", name=".."), "'..' cannot be the name of a program"),
        (Wish("go", name='x"; rm'), "cannot be the name of a program"),
    ],
)
def test_what_does_not_go_together(wish: Wish, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        dockerfile.new(sources(), wish)
    assert message in caught.value.message


def test_a_stale_part_is_found_with_its_line_and_renewed() -> None:
    fresh = "FROM a\n\n" + dockerfile.snippet(sources(), "verify") + "CMD x\n"
    old = fresh.replace("xx-verify", "xx-check")
    assert dockerfile.stale(sources(), old) == [(3, "snippet")]
    assert dockerfile.renew(sources(), old) == fresh
    assert dockerfile.renew(sources(), fresh) == fresh
    assert dockerfile.renew(sources(), old.removesuffix("\nCMD x\n")) == fresh.removesuffix("\nCMD x\n")


def test_a_marker_line_that_somebody_damaged() -> None:
    with pytest.raises(UsageError, match="a marker line cannot be read"):
        dockerfile.renew(sources(), "# xxpy: begin new lang=go\n# xxpy: end\n")


def test_rows_that_are_faulty() -> None:
    with pytest.raises(TableError) as caught:
        recipe.load('[base.x]\nlibc = 1\nmanager = "apt"\nsource = ""\nimages = {}\n')
    assert caught.value.faults == ("dockerfile/recipes.toml: base.x.libc: 1 is not a string",)


def xxpy(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "xxpy", "dockerfile", *map(str, words)], cwd=folder, capture_output=True, text=True, check=False
    )


def test_new_writes_and_replaces_only_when_told(tmp_path: Path) -> None:
    assert xxpy("new", "--language", "go", "-o", "Dockerfile", folder=tmp_path).returncode == 0
    text = (tmp_path / "Dockerfile").read_text()
    assert text == xxpy("new", "--language", "go", folder=tmp_path).stdout
    (tmp_path / "Dockerfile").write_text("mine\n")
    refused = xxpy("new", "--language", "go", "-o", "Dockerfile", folder=tmp_path)
    assert (refused.returncode, (tmp_path / "Dockerfile").read_text()) == (9, "mine\n")
    assert xxpy("new", "--language", "go", "-o", "Dockerfile", "--write", folder=tmp_path).returncode == 0
    assert (tmp_path / "Dockerfile").read_text() == text


def test_snippets_are_listed_and_printed(tmp_path: Path) -> None:
    listed = [line.split()[0] for line in xxpy("snippet", folder=tmp_path).stdout.splitlines()]
    assert listed == list(sources().recipes.snippets)
    assert "TARGETPLATFORM" in xxpy("snippet", "primer", folder=tmp_path).stdout
    assert "did you mean cmake?" in xxpy("snippet", "cmak", folder=tmp_path).stderr
