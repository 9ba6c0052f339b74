"""Second builds of Go without a question to Go: only if nothing that it reads has changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from xxpy.language.go import plain, state
from xxpy.language.go.flags import Flag, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.build.conftest import Xxpy

PLATFORMS = "linux/amd64"
MAIN = """package main

import (
	"embed"

	"example.com/hello/greet"
	"example.com/near"
)

//go:embed words
var words embed.FS

var Word = "none"

func main() {
	found, _ := words.ReadDir("words")
	text, _ := words.ReadFile("words/one.txt")
	println(greet.Greeting, near.Near, len(found), string(text), Word)
}
"""


@pytest.fixture
def project(xxpy: Xxpy, module: Path) -> Xxpy:
    """Return the program in a module that embeds a folder and replaces a module by a folder."""
    near = module.parent / "near"
    (near / "deep").mkdir(parents=True)
    (near / "go.mod").write_text("module example.com/near\n\ngo 1.21\n")
    (near / "near.go").write_text('package near\n\nconst Near = "near"\n')
    (module / "words").mkdir()
    (module / "words/one.txt").write_text("one")
    (module / "main.go").write_text(MAIN)
    (module / "go.mod").write_text(
        "module example.com/hello // a comment with /a/path\n\ngo 1.21\n\n"
        "require example.com/near v1.0.0\n\nreplace example.com/near => ../near\n"
    )
    shutil.rmtree(module / "cmd")
    return xxpy


def built(xxpy: Xxpy, *options: str, **variables: str) -> tuple[bool, str]:
    """Build, and return whether the results were reused, and what the program says."""
    done = xxpy("build", "--json", "--platform", PLATFORMS, *options, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    (reused,) = {one["reused"] for one in events if one["event"] == "finish"}
    program = xxpy.folder / "dist/linux_amd64/hello"
    return reused, subprocess.run([program], capture_output=True, text=True, check=True).stderr


def processes(xxpy: Xxpy) -> list[str]:
    """Build, and return the subcommands of the calls of Go."""
    trace = xxpy.folder.parent / "trace"
    xxpy.wrapper = ("strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace))
    assert built(xxpy) == (True, "hello near 1 one none\n")
    xxpy.wrapper = ()
    calls = [line.split('"') for line in trace.read_text().splitlines() if 'bin/go", ["' in line]
    return [words[5] for words in calls]


def test_nothing_has_changed(project: Xxpy) -> None:
    assert built(project) == (False, "hello near 1 one none\n")
    assert built(project) == (True, "hello near 1 one none\n")
    assert processes(project) == ["env"]
    assert built(project, "--no-reuse") == (False, "hello near 1 one none\n")


def edit(name: str, text: str) -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


CHANGES = {
    "a source": (edit("greet/greet.go", 'package greet\n\nconst Greeting = "HELLO"\n'), "HELLO near 1 one none"),
    "an embedded file": (edit("words/one.txt", "ONE"), "HELLO near 1 ONE none"),
    "a new one": (edit("words/two.txt", ""), "HELLO near 2 ONE none"),
    "a replaced module": (edit("../near/near.go", 'package near\n\nconst Near = "NEAR"\n'), "HELLO NEAR 2 ONE none"),
    "a generated file": (edit("made.go", 'package main\n\nfunc init() { Word = "made" }\n'), "HELLO NEAR 2 ONE made"),
    "one for another platform": (edit("x_windows.go", "package main\n"), "HELLO NEAR 2 ONE made"),
    "a variable": (edit("xxpy.toml", 'environment = { GOFLAGS = "-tags=x" }\n'), "HELLO NEAR 2 ONE made"),
    "a flag": (edit("xxpy.toml", 'arguments = ["-ldflags=-X main.Word=flag -s"]\n'), "HELLO NEAR 2 ONE made"),
    "go.mod": (
        lambda folder: (folder / "go.mod").write_text((folder / "go.mod").read_text().replace("1.21", "1.22")),
        "HELLO NEAR 2 ONE made",
    ),
    "a workspace": (edit("../go.work", "go 1.22\n\nuse (\n\t./hello\n\t./near\n)\n"), "HELLO NEAR 2 ONE made"),
}  # fmt: skip


def test_a_change_is_seen(project: Xxpy) -> None:
    built(project)
    assert built(project)[0]
    for name, (change, said) in CHANGES.items():
        change(project.folder)
        assert built(project) == (False, f"{said}\n"), name
    assert built(project)[0]


def test_the_state_of_a_repository(project: Xxpy) -> None:
    """Programs are stamped with the commit, and whether there are changes beside the module."""
    top = project.folder.parent
    project.variables["GOFLAGS"] = "-buildvcs=true"

    def git(*words: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", "-C", str(top), *name, *words], check=True, capture_output=True)

    (top / ".gitignore").write_text("cache/\ntrace\n")
    git("init")
    git("add", "hello", "near", ".gitignore")
    git("commit", "-m", "one")
    assert [built(project)[0] for _ in range(2)] == [False, True]
    (top / "beside").write_text("")
    assert [built(project)[0] for _ in range(2)] == [False, True]
    stamps = subprocess.run(
        ["go", "version", "-m", str(project.folder / "dist/linux_amd64/hello")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "vcs.modified=true" in stamps
    git("add", "beside")
    git("commit", "-m", "two")
    assert [built(project)[0] for _ in range(2)] == [False, True]
    git("tag", "v1.2.3")
    assert not built(project)[0]


@pytest.mark.parametrize(
    "flag",
    [
        *(Flag("overlay", "o.json"), Flag("ldflags", "-extld=cc"), Flag("gcflags", "-d=x")),
        *(Flag("toolexec", "x"), Flag("mod", "mod"), Flag("pgo", "../p"), Flag("race")),
        *(Flag("ldflags", "-linkmode external"), Flag("ldflags", "all='-s'"), Flag("modfile", "x")),
    ],
    ids=lambda flag: flag.word,
)
def test_flags_that_make_go_read_more(flag: Flag) -> None:
    good = (Flag("ldflags", "-s -w -X main.a=b"), Flag("tags", "a b"), Flag("trimpath"))
    assert plain.are_plain([Place("", good)])
    assert not plain.are_plain([Place("", (*good, flag))])


@pytest.fixture
def go(tmp_path: Path) -> dict[str, str]:
    """Return the settings of a Go that is not one."""
    root = tmp_path / "go"
    files = {
        "go/VERSION": "go1.26\n",
        "go/bin/go": "\x7fELF",
        "go/tool/compile": "\x7fELF",
        "go.mod": "module a\n",
        "env": "GOPROXY=off\n",
    }
    for name, text in files.items():
        edit(name, text)(tmp_path)
    return {
        **dict.fromkeys(state.SETTINGS, ""),
        "GOROOT": str(root),
        "GOTOOLDIR": str(root / "tool"),
        "GOMOD": str(tmp_path / "go.mod"),
        "GOENV": str(tmp_path / "env"),
    }


@pytest.mark.parametrize("name", ["go/VERSION", "go/go.env", "go/tool/compile", "go/tool/x", "env"])
def test_another_toolchain(name: str, go: dict[str, str], tmp_path: Path) -> None:
    program = str(tmp_path / "go/bin/go")
    before = state.general(go, program)
    assert state.general(go, program) == before
    edit(name, "something else")(tmp_path)
    assert state.general(go, program) != before
    assert state.general({**go, "GOEXPERIMENT": "x"}, program) != state.general(go, program)


def test_what_is_not_known(go: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "go/bin/go").write_text("#!/bin/sh\n")
    other = tmp_path / "other/go"
    edit("other/go", "#!/bin/sh\n")(tmp_path)
    with pytest.raises(state.Unknown):
        state.general(go, str(other))
    (tmp_path / "go.mod").write_text('module a\nreplace b => "../b c"\n')
    with pytest.raises(state.Unknown):
        state.roots(go)


def test_folders_that_are_read(go: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module a\nreplace (\n\tb => ./b // ../no\n\tc v1 => /c\n)\n")
    assert state.roots(go) == (str(tmp_path), str(tmp_path / "b"), "/c")
    edit("work/go.work", "use ../d\n")(tmp_path)
    edit("d/go.mod", "module d\nreplace e => ../e\n")(tmp_path)
    found = state.roots({**go, "GOWORK": str(tmp_path / "work/go.work")})
    assert {str(tmp_path / name) for name in ("d", "e", "work/go.work")} <= set(found)


def test_links_and_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("a/one.go", "one")(tmp_path)
    (tmp_path / "a/link.go").symlink_to("../outside.go")

    def digest() -> str:
        return state.Content(str(tmp_path / "a/dist")).of([str(tmp_path / "a")])

    found = [digest()]
    for name in ("outside.go", "a/dist/new.go", "a/dist/sub/go.mod", "a/_b/c.txt"):
        edit(name, "")(tmp_path)
        found.append(digest())
    assert len(set(found)) == 5
    edit("a/dist/program", "")(tmp_path)
    assert digest() == found[-1]
    monkeypatch.setattr(state, "_FILES", 2)
    with pytest.raises(state.Unknown):
        state.Content("/x").of([str(tmp_path / "a")])
    monkeypatch.undo()
    (tmp_path / "a/folder").symlink_to("/usr/include")
    with pytest.raises(state.Unknown):
        digest()


def test_a_folder_that_has_just_changed(tmp_path: Path) -> None:
    edit("a/one.go", "one")(tmp_path)
    with pytest.raises(state.Unknown):
        state.Stamps(time.time_ns()).of([str(tmp_path / "a")])
    later = time.time_ns() + 10**10
    before = state.Stamps(later).of([str(tmp_path / "a")])
    edit("a/one.go", "two")(tmp_path)
    assert state.Stamps(later).of([str(tmp_path / "a")]) != before


@pytest.mark.parametrize(
    ("folder", "pattern", "is_known"),
    [
        ("/p", "dist", False),
        ("/p", "all:d*/x", False),
        ("/p", "static", True),
        ("/p/dist/made", "x", False),
        ("/p/cmd", "dist", True),
        ("/other", "*", True),
    ],
)
def test_an_output_that_is_embedded(folder: str, pattern: str, *, is_known: bool) -> None:
    try:
        state.check_output("/p/dist", [folder], [(folder, pattern)])
    except state.Unknown:
        assert not is_known
    else:
        assert is_known


def calls(xxpy: Xxpy, **variables: str) -> tuple[list[str], dict[str, Any]]:
    """Show the plan, and return the subcommands of the calls of Go and git, and the plan."""
    trace = xxpy.folder.parent / "trace"
    xxpy.wrapper = ("strace", "-f", "-qq", "-e", "trace=execve", "-o", str(trace))
    done = xxpy("build", "--dry-run", "--platform", "linux/amd64,windows/arm64", **variables)
    xxpy.wrapper = ()
    lines = [line.split('"') for line in trace.read_text().splitlines() if "bin/g" in line]
    found = [words[5] for words in lines if words[1].endswith(("bin/go", "bin/git"))]
    return found, json.loads(done.stdout)


def test_a_plan_that_is_shown_again(project: Xxpy) -> None:
    found, plan = calls(project)
    assert sorted(found) == ["env"] * 3 + ["list"] * 2
    assert calls(project) == (["env"], plan)
    (project.folder / "tool").mkdir()
    (project.folder / "tool/main.go").write_text("package main\n\nfunc main() {}\n")
    found, changed = calls(project)
    assert sorted(found) == ["env"] * 3 + ["list"] * 2
    assert {len(step["commands"][0]) for step in changed["steps"]} == {
        len(step["commands"][0]) + 1 for step in plan["steps"]
    }
    assert built(project) == (False, "hello near 1 one none\n")
    assert calls(project) == (["env"], changed)
    (project.folder / "tool/main.go").write_text("package main\n\nfunc main() {\n")
    assert len(calls(project)[0]) > 1


def test_settings_that_a_plan_needs(project: Xxpy) -> None:
    (project.folder / "tool").mkdir()
    text = "//go:build x\n\npackage main\n\nfunc main() {}\n"
    (project.folder / "tool/main.go").write_text(text)
    plan = calls(project)[1]
    tagged = calls(project, GOFLAGS="-tags=x")[1]
    assert "example.com/hello/tool" in tagged["steps"][0]["commands"][0]
    assert calls(project, GOFLAGS="-tags=x") == (["env"], tagged)
    assert calls(project)[1] == plan
    (project.folder / "xxpy.toml").write_text('arguments = ["-tags=x"]\n')
    assert "example.com/hello/tool" in calls(project)[1]["steps"][0]["commands"][0]
    (project.folder / "xxpy.toml").write_text('environment = { GOFLAGS = "-v" }\n')
    assert calls(project)[1] == plan
