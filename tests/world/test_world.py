"""The harness of ``make world``: its pure parts, and the tables that are in the repository."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from world import build, debian, entries, proof, report, sources
from world.pairs import MOST, Goal, goals, pairs, select
from world.records import PAGE, TABLE, Record, Records, dump, read
from xxpy.errors import ConfigurationError, UsageError
from xxpy.machine import resources

RAW = {
    "source": "debian:jq/1.6",
    "sha256": "0" * 64,
    "platforms": ["linux", "musl", "windows/amd64"],
}
ENTRY = entries.decode("jq", "autotools", RAW)


def test_words_of_platforms_stand_for_several() -> None:
    found = [str(goal) for goal in ENTRY.goals]
    assert found[-2:] == ["linux/arm64:musl", "windows/amd64"]
    assert len(found) == 8
    assert goals(["linux/arm64", "linux"])[0] == Goal("linux/arm64")
    assert len(goals(["linux/arm64", "linux"])) == 6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"platform": ["linux"]}, "unknown keys: platform"),
        ({"exit": "1"}, "exit has a value of the wrong type"),
        ({"packages": [1]}, "packages has a value of the wrong type"),
        ({"reasons": {"*": "nobody: it is broken"}}, "a reason starts with one of"),
    ],
)
def test_a_wrong_entry_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        entries.decode("jq", "autotools", RAW | change)


def test_an_entry_without_a_hash_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="lacks sha256"):
        entries.decode("jq", "autotools", {"source": "debian:jq/1.6", "platforms": []})


def test_explanations_keep_results() -> None:
    explained = replace(ENTRY, reasons={"*": "project: no"}, supported="README: all")
    assert explained.digest == ENTRY.digest
    assert replace(ENTRY, config="static = true").digest != ENTRY.digest


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ("debian:jq/1.6", "1.6"),
        ("go:github.com/a/b/v2@v2.1.0", "v2.1.0"),
        ("crate:ripgrep@13.0.0", "13.0.0"),
        ("sdist:cffi==1.16", "1.16"),
        ("npm:@mapbox/x@1.0.3", "1.0.3"),
    ],
)
def test_a_source_has_a_version(source: str, version: str) -> None:
    assert sources.split(source)[2] == version
    assert replace(ENTRY, source=source).version == version


@pytest.mark.parametrize("source", ["jq/1.6", "git:jq/1.6", "debian:jq", "crate:ripgrep"])
def test_what_is_no_source_is_refused(source: str) -> None:
    with pytest.raises(ConfigurationError, match="not a source"):
        sources.split(source)


def test_only_debian_has_packages() -> None:
    entry = replace(ENTRY, packages=("zlib1g-dev",))
    lacking = {str(pair.goal): pair.lacking for pair in pairs([entry])}
    assert lacking["linux/arm64"] == ""
    assert lacking["linux/arm64:musl"] == lacking["windows/amd64"] == "zlib1g-dev"
    settings = sources.configuration(entry)
    assert settings.count("packages") == 6
    assert "trixie" in settings


def test_a_run_is_about_what_its_options_name() -> None:
    every = pairs([ENTRY, replace(ENTRY, name="zlib", kind="cmake")])
    assert len(every) == 16
    assert {pair.entry.name for pair in select(every, languages=["cmake"])} == {"zlib"}
    assert len(select(every, languages=["c"])) == 16
    assert len(select(every, platforms=["linux/*:musl"])) == 2
    assert {pair.entry.name for pair in select(every, part="2/2")} == {"zlib"}
    with pytest.raises(UsageError, match="no such project: zlob"):
        select(every, projects=["zlob"])
    for part in ("3/2", "0/2", "1", "a/b"):
        with pytest.raises(UsageError, match="no such part"):
            select(every, part=part)


SHOWSRC = """\
Package: jq
Version: 1.6-2.1+deb12u1
Checksums-Sha256:
 aa 419 jq_1.6-2.1.dsc
 bb 419 jq_1.6.orig.tar.gz
 cc 419 jq_1.6-2.1.debian.tar.xz
Directory: pool/main/j/jq

Package: jq
Version: 1:1.7-1
Checksums-Sha256:
 dd 419 jq_1.7.orig.tar.xz
"""


def test_the_archive_of_upstream_is_found() -> None:
    assert debian.upstream(SHOWSRC, "1.6") == debian.Archive("jq_1.6.orig.tar.gz", "bb")
    assert debian.upstream(SHOWSRC, "1.7") == debian.Archive("jq_1.7.orig.tar.xz", "dd")
    assert debian.upstream(SHOWSRC, "1.5") is None
    native = "Version: 2.0\nChecksums-Sha256:\n ee 1 x_2.0.dsc\n ff 1 x_2.0.tar.xz\n"
    assert debian.upstream(native, "2.0") == debian.Archive("x_2.0.tar.xz", "ff")


def test_an_event_becomes_an_outcome() -> None:
    diagnosis = {"cause": "no nasm\nmore", "evidence": "nasm: not found", "fix": ""}
    event = {"status": "failed", "seconds": 1.5, "log": None, "outputs": [], "diagnosis": diagnosis}
    found = build.outcome(Goal("linux/arm64"), event)
    assert (found.built, found.cause, found.evidence) == (False, "no nasm", "nasm: not found")
    output = {"path": "/dist/jq.exe", "verified": True}
    built = build.outcome(Goal("x"), {**event, "status": "built", "outputs": [output]})
    assert (built.built, built.outputs) == (True, (Path("/dist/jq.exe"),))


def test_a_program_is_found_with_the_ending_of_windows() -> None:
    outputs = [Path("/dist/bin/jq.exe"), Path("/dist/lib/jq.so")]
    assert proof.find("jq", outputs) == outputs[0]
    assert proof.find("lib/jq.so", outputs) == outputs[1]
    assert proof.find("j", outputs) is None
    assert proof.find("jq-1.6|jq", outputs) == outputs[0]


def test_programs_of_musl_run_with_its_loader() -> None:
    assert 'packages = ["musl"]' in proof.configuration(Goal("linux/arm64", "musl"), ())
    assert proof.configuration(Goal("windows/amd64"), ()) == ""


def test_a_library_is_proved_by_a_program(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "include").mkdir(parents=True)
    (dist / "include/six.h").write_text("#define SIX 6\n")
    text = '#include <stdio.h>\n#include <six.h>\nint main(void) { printf("%d\\n", SIX * 7); }\n'
    goal = Goal("linux/amd64")
    entry = replace(ENTRY, program=text, expect="42")
    assert proof.runs(entry, goal)
    assert proof.prove(entry, goal, dist, [], tmp_path) == ""
    assert "not '43'" in proof.prove(replace(entry, expect="43"), goal, dist, [], tmp_path)
    said = proof.prove(replace(entry, link=("-lsix",)), goal, dist, [], tmp_path)
    assert "six" in said
    assert entry.digest != ENTRY.digest


def test_an_error_before_the_build_is_the_reason_of_all(tmp_path: Path) -> None:
    job = build.Job(ENTRY, tmp_path, tmp_path / "dist", 60, threading.Event())
    found = list(build.build(job, [Goal("linux/amd64"), Goal("linux/arm64")]))
    assert [outcome.built for outcome in found] == [False, False]
    assert all("nothing to build" in outcome.cause for outcome in found), found


def test_a_run_that_is_stopped_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all:\n\tsleep 60\n")
    stop = threading.Event()
    stop.set()
    job = build.Job(ENTRY, tmp_path, tmp_path / "dist", 60, stop)
    with pytest.raises(build.Stopped):
        list(build.build(job, [Goal("linux/amd64")]))


def test_a_platform_that_takes_too_long_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all:\n\tsleep 60\n")
    job = build.Job(ENTRY, tmp_path, tmp_path / "dist", 1, threading.Event())
    (found,) = build.build(job, [Goal("linux/amd64")])
    assert found.cause == "took longer than 1 s"


def test_what_broke_is_told(tmp_path: Path) -> None:
    (pair, *_) = pairs([ENTRY])
    good = Record("jq", str(pair.goal), "ran", ENTRY.digest)
    table = tmp_path / "world.json"
    table.write_text(dump([good]))
    records = Records(tmp_path / "records", table)
    assert records.find(pair) == good
    assert report.broken([pair], records, read(table)) == []
    records.keep(pair, replace(good, verdict="failed", cause="no such header"))
    lines = report.broken([pair], records, read(table))
    assert lines == ["jq linux/amd64: was ran, now: no such header"]


def test_a_result_of_another_entry_is_not_used(tmp_path: Path) -> None:
    (pair, *_) = pairs([ENTRY])
    table = tmp_path / "world.json"
    table.write_text(dump([Record("jq", str(pair.goal), "ran", "another")]))
    assert Records(tmp_path, table).find(pair) is None


def test_the_corpus_is_small_enough_and_of_platforms_that_exist() -> None:
    corpus = entries.load()
    every = pairs(corpus)
    rows = resources.table().rows
    assert not [pair for pair in every if pair.goal.platform not in rows]
    assert sum(not pair.lacking for pair in every) <= MOST
    for entry in corpus:
        assert sources.split(entry.source), entry.name


def test_the_page_is_made_of_the_table() -> None:
    corpus = entries.load()
    every = pairs(corpus)
    known = read(TABLE)
    made = report.rows(every, Records(Path("/nowhere")))
    assert report.page(corpus, made) == PAGE.read_text(), "run: python -m world --report"
    assert json.loads(dump(made)) == json.loads(TABLE.read_text())
    assert known.keys() == {(row.project, row.goal) for row in made}
