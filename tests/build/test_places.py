"""Projects are found from within, as go and cargo find them; the results stay in the project's own folder."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.build.conftest import Xxpy, tree

HELLO = "int main(void) { return 0; }\n"
CARGO = '[package]\nname = "{}"\nversion = "1.0.0"\nedition = "2021"\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def results(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.glob("[!.]*/**/*") if path.is_file()
    )


@pytest.mark.parametrize(
    ("stand", "arguments", "names"),
    [
        (".", ["./cmd/tool"], ["tool"]),
        (".", ["cmd/tool"], ["tool"]),
        (".", ["cmd"], ["tool"]),
        (".", ["./cmd/..."], ["tool"]),
        (".", ["./..."], ["hello", "tool"]),
        ("cmd/tool", [], ["tool"]),
        ("cmd", [], ["tool"]),
        ("cmd", ["./..."], ["tool"]),
        ("cmd", [".."], ["hello", "tool"]),
        ("cmd", ["--", "./tool"], ["tool"]),
        ("cmd/tool", ["--", "../.."], ["hello"]),
        ("..", ["-C", "hello/cmd/tool"], ["tool"]),
        ("..", ["-C", "hello", "cmd/tool"], ["tool"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_package_of_a_go_module(
    stand: str, arguments: list[str], names: list[str], xxpy: Xxpy, module: Path
) -> None:
    write(module, {"xxpy.toml": 'platforms = ["linux/386"]\n'})
    before = tree(module)
    xxpy.folder = module / stand
    done = xxpy("build", *arguments)
    assert done.returncode == 0, done.stderr
    assert results(module / "dist") == [f"linux_386/{name}" for name in names]
    assert [name for name in tree(module) if not name.startswith("dist/")] == before
    for name in names:
        assert os.path.relpath(module / "dist/linux_386" / name, xxpy.folder) in done.stdout.split()


def test_a_go_workspace(xxpy: Xxpy, module: Path) -> None:
    folder = write(module.parent / "ws", {
        "go.work": "go 1.21\n\nuse ./a // first\nuse (\n\t./b\n)\n",
        "a/go.mod": "module example.com/a\n\ngo 1.21\n", "a/cmd/one/main.go": "package main\n\nfunc main() {}\n", "a/a.go": "package a\n",
        "b/go.mod": "module example.com/b\n\ngo 1.21\n", "b/main.go": 'package main\n\nimport _ "example.com/a"\n\nfunc main() {}\n',
    })  # fmt: skip
    xxpy.folder = folder
    assert xxpy("build", "-p", "linux/386").returncode == 0
    assert results(folder / "dist") == ["linux_386/b", "linux_386/one"]
    assert xxpy("build", "-p", "linux/386", "./a/...").returncode == 0
    assert results(folder / "a/dist") == ["linux_386/one"]
    xxpy.folder = folder / "a/cmd/one"
    assert xxpy("build", "-p", "linux/386", "--output", "out").returncode == 0
    assert results(folder / "a/cmd/one/out") == ["linux_386/one"]


@pytest.mark.parametrize(
    ("stand", "arguments", "packages", "output"),
    [
        (".", [], None, "dist"),
        ("crates/a", [], "a", "dist"),
        ("crates/a/src", [], "a", "dist"),
        (".", ["crates/a"], "a", "dist"),
        ("crates", [], None, "dist"),
        ("apart", [], None, "apart/dist"),
    ],
)
def test_a_member_of_a_cargo_workspace(
    stand: str, arguments: list[str], packages: str | None, output: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "ws", {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["apart"]\nresolver = "2"\n', "xxpy.toml": 'platforms = ["linux/amd64"]\n',
        "crates/a/Cargo.toml": CARGO.format("a"), "crates/a/src/main.rs": "fn main() {}\n",
        "crates/b/Cargo.toml": CARGO.format("b"), "crates/b/src/main.rs": "fn main() {}\n",
        "apart/Cargo.toml": CARGO.format("apart"), "apart/src/main.rs": "fn main() {}\n",
    })  # fmt: skip
    done = Xxpy(folder / stand, tmp_path / "cache")("build", "--dry-run", *arguments)
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    (command,) = plan["steps"][0]["commands"]
    assert [word for place, word in enumerate(command) if command[place - 1] == "--package"] == (
        [packages] if packages else []
    )
    assert plan["output"] == str(folder / output)


def test_a_folder_in_a_git_repository(tmp_path: Path) -> None:
    folder = write(tmp_path / "repository", {
        "Makefile": "prog: src/prog.c\n\t$(CC) $(CFLAGS) -o $@ $<\n", "src/prog.c": HELLO, "src/deep/notes.txt": "",
        "tool/CMakeLists.txt": "cmake_minimum_required(VERSION 3.10)\nproject(tool C)\nadd_subdirectory(inner)\n",
        "tool/inner/CMakeLists.txt": "add_executable(tool tool.c)\ninstall(TARGETS tool DESTINATION bin)\n", "tool/inner/tool.c": HELLO,
    })  # fmt: skip
    xxpy = Xxpy(folder / "src/deep", tmp_path / "cache")
    outside = xxpy("build", "-p", "linux/amd64")
    assert (outside.returncode, outside.stderr.splitlines()[0]) == (
        8,
        "error: nothing to build in .",
    )
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    assert xxpy("build", "-p", "linux/amd64").returncode == 0
    assert results(folder / "dist") == ["linux_amd64/prog"]
    xxpy.folder = folder / "tool/inner"
    assert xxpy("build", "-p", "linux/amd64").returncode == 0
    assert results(folder / "tool/dist") == ["linux_amd64/bin/tool"]
    xxpy.folder = folder / "src"
    done = xxpy("build", "-p", "linux/amd64")
    assert (done.returncode, "note: . is part of the project of" in done.stderr) == (0, True)
    assert xxpy("build", "-p", "linux/amd64", "prog.c").returncode == 0
    assert results(folder / "src/dist") == ["linux_amd64/prog"]


@pytest.mark.parametrize(
    ("argument", "message", "hint"),
    [
        (
            "/etc/passwd",
            "/etc/passwd is not a source file in C or C++",
            "name a folder, or a file that ends in .c",
        ),
        ("/dev/null", "/dev/null is not a source file in C or C++", "name a folder"),
        ("go.mod", "go.mod is not a source file in C or C++", "name its folder: ."),
        (
            "cmd/tool/main.go",
            "cmd/tool/main.go is not a source file in C or C++",
            "name its folder: cmd/tool",
        ),
        ("nowhere/...", "no such folder or file: nowhere", "name the folder"),
        ("empty", "nothing to build in empty", "no go.mod, "),
        (
            "c/...",
            "... means all parts of a Go module, which c is not",
            "name the folder of the project",
        ),
    ],
)
def test_what_is_no_project(
    argument: str, message: str, hint: str, xxpy: Xxpy, module: Path
) -> None:
    write(module, {"empty/notes.txt": "", "c/main.c": HELLO})
    before = tree(module)
    done = xxpy("build", argument)
    assert (done.returncode, done.stdout, done.stderr.splitlines()[0]) == (
        8,
        "",
        f"error: {message}",
    )
    assert done.stderr.splitlines()[1].startswith(f"hint: {hint}")
    assert tree(module) == before


def test_the_configuration(xxpy: Xxpy, module: Path) -> None:
    write(module, {
        "xxpy.toml": 'platforms = ["linux/386"]\n', "cmd/xxpy.toml": 'platforms = ["linux/arm64"]\noutput = "bin"\n',
        "other.toml": 'platforms = ["linux/s390x"]\n', "with/pyproject.toml": '[tool.xxpy]\nplatforms = ["linux/riscv64"]\n',
        "without/pyproject.toml": "[project]\n",
    })  # fmt: skip

    def platforms(*arguments: str) -> list[str]:
        done = xxpy("build", "--dry-run", *arguments)
        assert done.returncode == 0, done.stderr
        return [
            Path(step["folder"]).relative_to(module).as_posix()
            for step in json.loads(done.stdout)["steps"]
        ]

    assert platforms() == ["dist/linux_386"]
    assert platforms("cmd/tool") == ["bin/linux_arm64"]
    assert platforms("--config", "other.toml", "cmd/tool") == ["dist/linux_s390x"]
    assert platforms("--config", "with/pyproject.toml") == ["dist/linux_riscv64"]
    for name, message in (
        ("nowhere.toml", "no such file: nowhere.toml"),
        ("without/pyproject.toml", "without/pyproject.toml has no table"),
    ):
        done = xxpy("build", "--config", name)
        assert (done.returncode, done.stdout) == (7, "")
        assert done.stderr.startswith(f"error: {message}")
    xxpy.folder = module.parent
    assert (
        json.loads(xxpy("plan", "-C", "hello", "--config", "other.toml", "--json").stdout)[0][
            "platform"
        ]
        == "linux/s390x"
    )
    assert json.loads(xxpy("matrix", "hello/cmd/tool").stdout)[0]["platform"] == "linux/arm64"


def test_the_configuration_says_the_kind_of_project(tmp_path: Path) -> None:
    """A folder in a Cargo workspace whose own configuration says that its Makefile is meant."""
    folder = write(tmp_path / "ws", {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n', "a/Cargo.toml": CARGO.format("a"), "a/src/main.rs": "fn main() {}\n",
        "a/xxpy.toml": 'language = "make"\nplatforms = ["linux/amd64"]\n', "a/Makefile": "prog: prog.c\n", "a/prog.c": HELLO,
    })  # fmt: skip
    done = Xxpy(folder / "a", tmp_path / "cache")("build")
    assert done.returncode == 0, done.stderr
    assert results(folder / "a/dist") == ["linux_amd64/prog"]
    assert not (folder / "dist").exists()
