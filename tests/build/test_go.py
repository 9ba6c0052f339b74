"""Go modules: what is built is what was asked for, from whichever place, under the names that the system and Go give it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.build.conftest import Xxpy, tree
from xxpy.binary import inspect

C = 'package main\n\n// static inline int twice(int x) { return 2 * x; }\nimport "C"\n\n//export Twice\nfunc Twice(x C.int) C.int { return C.twice(x) }\n\nfunc main() {}\n'
VERSIONS = 'package main\n\nvar one, two, three = "-", "-", "-"\n\nfunc main() { println(one, two, three) }\n'
SHOWN = "package main\n\nfunc init() { println(1) }\n"
FOUR = "linux/amd64,linux/arm64,windows/amd64,darwin/arm64"


@pytest.fixture
def library(module: Path) -> Path:
    """Return a module that is a library for C."""
    shutil.rmtree(module / "cmd")
    (module / "main.go").write_text(C)
    return module


def git(folder: Path, *words: str) -> str:
    who = (
        "-c",
        "user.name=someone",
        "-c",
        "user.email=someone@example.com",
        "-c",
        "init.defaultBranch=main",
    )
    return subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def refused(xxpy: Xxpy, *arguments: str, **variables: str) -> str:
    """Return what a build says that must be refused before anything is built."""
    done = xxpy("build", *arguments, **variables)
    assert done.returncode in {2, 5, 8}, done.stderr
    assert not (xxpy.folder / "dist").exists()
    return done.stderr


WITH_C = 'package capture\n\n// typedef int thing;\nimport "C"\n\ntype Thing C.thing\n'
LOOSE = "package capture\n\nfunc One() Thing { return 1 }\n"
USER = (
    'package main\n\nimport "example.com/hello/capture"\n\nfunc main() { println(capture.One()) }\n'
)


class TestModules:
    def test_a_program_whose_import_has_no_files_for_the_platform(
        self, xxpy: Xxpy, module: Path
    ) -> None:
        name = (module / "go.mod").read_text().split()[1]
        for folder in ("raw", "cmd/trace"):
            (module / folder).mkdir(parents=True)
        (module / "raw/raw_linux.go").write_text("package raw\n\nfunc One() int { return 1 }\n")
        text = USER.replace("example.com/hello/capture", f"{name}/raw").replace("capture", "raw")
        (module / "cmd/trace/main.go").write_text(text)
        done = xxpy("build", "-p", "linux/arm64,windows/amd64")
        assert done.returncode == 0, done.stderr
        assert f"note: {name}/cmd/trace is left out for windows/amd64: " in done.stderr
        assert (module / "dist/linux_arm64/trace").is_file()
        built = sorted(path.name for path in (module / "dist/windows_amd64").iterdir())
        assert built == ["hello.exe", "tool.exe"]
        named = xxpy("build", "-p", "windows/amd64", "--", "./cmd/trace")
        assert named.returncode == 1
        assert "build constraints exclude all Go files" in named.stderr

    def test_names_that_a_file_with_c_declares(self, xxpy: Xxpy, module: Path) -> None:
        name = (module / "go.mod").read_text().split()[1]
        (module / "capture").mkdir()
        (module / "capture/c.go").write_text(WITH_C)
        (module / "capture/loose.go").write_text(LOOSE)
        (module / "main.go").write_text(USER.replace("example.com/hello", name))
        done = xxpy("build", "-p", "linux/arm64", "--", ".")
        assert done.returncode == 1
        assert f"{name}/capture with C in it is built without it: --cgo builds it" in done.stderr
        (module / "main.go").write_text("package main\n\nfunc main() { wrong() }\n")
        other = xxpy("build", "-p", "linux/arm64", "--", ".")
        assert "--cgo" not in other.stderr
        user = USER.replace("example.com/hello", name).replace("capture.One()", "capture.One")
        (module / "main.go").write_text(user)
        (module / "capture/loose.go").write_text(
            'package capture\n\nimport "syscall"\n\nvar One = syscall.No\n'
        )
        other = xxpy("build", "-p", "linux/arm64", "--", ".")
        assert "the Go code uses No, which this system does not have" in other.stderr


class TestFlags:
    def test_flags_of_all_places_reach_the_program(self, xxpy: Xxpy, module: Path) -> None:
        (module / "main.go").write_text(VERSIONS)
        (module / "shown.go").write_text(f"//go:build shown && toml\n\n{SHOWN}")
        (module / "xxpy.toml").write_text(
            'arguments = ["-ldflags=-X main.two=2", "-tags=toml"]\n[platform."linux/amd64"]\narguments = ["-ldflags", "-X \'main.three=3 4\'"]\n'
        )
        done = xxpy(
            "build",
            "-p",
            "linux/amd64",
            "--",
            "-tags",
            "shown",
            ".",
            GOFLAGS="-ldflags=-X=main.one=1",
        )
        assert done.returncode == 0, done.stderr
        shown = subprocess.run(
            [str(module / "dist/linux_amd64/hello")], capture_output=True, text=True, check=True
        ).stderr
        assert shown == "1\n1 2 3 4\n"

    def test_static_keeps_the_words_of_the_user(self, xxpy: Xxpy, module: Path) -> None:
        text = 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nvar version = "-"\n\nfunc main() { println(version, C.one()) }\n'
        (module / "main.go").write_text(text)
        done = xxpy(
            "build",
            "-p",
            "local",
            "--cgo",
            "--static",
            "--",
            "-ldflags=all=-s",
            ".",
            GOFLAGS="'-ldflags=all=-X main.version=7'",
        )
        assert done.returncode == 0, done.stderr
        (program,) = (module / "dist").rglob("hello")
        assert inspect(program)[0].linkage == "static"
        assert (
            subprocess.run([str(program)], capture_output=True, text=True, check=True).stderr
            == "7 1\n"
        )

    def test_patterns_that_go_would_let_replace_each_other(self, xxpy: Xxpy) -> None:
        said = refused(
            xxpy, "-p", "linux/amd64", "--", "-gcflags=-l", GOFLAGS="-gcflags=./greet=-N"
        )
        assert "./greet (GOFLAGS) and for the packages that are built (the command line)" in said

    def test_where_the_output_goes_is_no_flag(self, xxpy: Xxpy) -> None:
        assert "-o among the arguments" in refused(xxpy, "-p", "linux/amd64", "--", "-o=x")

    def test_flags_that_go_env_has_written(self, xxpy: Xxpy, module: Path, tmp_path: Path) -> None:
        (module / "main.go").write_text(VERSIONS)
        (tmp_path / "env").write_text("GOFLAGS=-ldflags=-X=main.one=1\n")
        assert (
            xxpy(
                "build",
                "-p",
                "linux/amd64",
                "--",
                "-ldflags=-X=main.two=2",
                ".",
                GOENV=str(tmp_path / "env"),
            ).returncode
            == 0
        )
        program = module / "dist/linux_amd64/hello"
        assert (
            subprocess.run([str(program)], capture_output=True, text=True, check=True).stderr
            == "1 2 -\n"
        )


class TestModes:
    @pytest.mark.parametrize(
        ("mode", "names"),
        [
            ("c-shared", {"hello.dll", "hello.h"}),
            ("c-archive", {"hello.a", "hello.h"}),
            ("pie", {"hello.exe"}),
        ],
    )
    def test_windows_by_mingw(self, xxpy: Xxpy, library: Path, mode: str, names: set[str]) -> None:
        done = xxpy(
            "build", "-p", "windows/amd64", "--cc", "gcc", "--cgo", "--", f"-buildmode={mode}"
        )
        assert done.returncode == 0, done.stderr
        assert {path.name for path in (library / "dist/windows_amd64").iterdir()} == names
        if mode == "c-shared":
            assert (
                b"\0hello.dll\0" in (library / "dist/windows_amd64/hello.dll").read_bytes()
            )  # its name in the export table

    @pytest.mark.parametrize(
        ("mode", "names"),
        [
            ("c-shared", {"hello.so", "hello.h"}),
            ("c-archive", {"hello.a", "hello.h"}),
            ("plugin", {"hello.so"}),
            ("pie", {"hello"}),
        ],
    )
    def test_linux_by_gcc(self, xxpy: Xxpy, library: Path, mode: str, names: set[str]) -> None:
        done = xxpy(
            "build", "-p", "linux/arm64", "--cc", "gcc", "--cgo", "--json", "--", "-buildmode", mode
        )
        assert done.returncode == 0, done.stderr
        assert {path.name for path in (library / "dist/linux_arm64").iterdir()} == names
        events = [json.loads(line) for line in done.stdout.splitlines()]
        (outputs,) = (event["outputs"] for event in events if event["event"] == "finish")
        roles = {Path(output["path"]).name: output["role"] for output in outputs}
        assert roles.get("hello.h", "header") == "header"
        assert roles.get("hello.so", "shared library") == "shared library"
        assert roles.get("hello.a", "archive") == "archive"
        assert roles.get("hello", "program") == "program"

    @pytest.mark.slow  # zig builds its libc
    @pytest.mark.parametrize(
        ("platform", "name"),
        [
            ("windows/amd64", "hello.dll"),
            ("linux/amd64", "hello.so"),
            ("darwin/arm64", "hello.dylib"),
        ],
    )
    def test_zig(self, xxpy: Xxpy, library: Path, platform: str, name: str) -> None:
        for mode, names in (("c-shared", {name, "hello.h"}), ("c-archive", {"hello.a", "hello.h"})):
            done = xxpy(
                "build",
                "-p",
                platform,
                "--cc",
                "zig",
                "--cgo",
                "-o",
                mode,
                "--",
                f"-buildmode={mode}",
            )
            assert done.returncode == 0, done.stderr
            assert {Path(name).name for name in tree(library / mode) if "." in name} == names
        (made,) = (library / "c-shared").rglob(name)
        assert b"/.xxpy-" not in made.read_bytes()
        assert not list(library.glob("-*"))

    def test_two_libraries_are_built_one_after_the_other(self, xxpy: Xxpy, library: Path) -> None:
        (library / "second").mkdir()
        (library / "second/main.go").write_text(C)
        assert (
            xxpy(
                "build", "-p", "windows/amd64", "--cc", "gcc", "--cgo", "--", "-buildmode=c-shared"
            ).returncode
            == 0
        )
        assert tree(library / "dist/windows_amd64") == [
            "hello.dll",
            "hello.h",
            "second.dll",
            "second.h",
        ]

    @pytest.mark.usefixtures("library")
    @pytest.mark.parametrize("mode", ["c-shared", "c-archive", "plugin"])
    def test_modes_that_need_c(self, xxpy: Xxpy, mode: str) -> None:
        assert f"-buildmode={mode} needs cgo, which is off" in refused(
            xxpy, "-p", "linux/amd64", "--", f"-buildmode={mode}"
        )

    @pytest.mark.usefixtures("library")
    def test_modes_from_goflags_count(self, xxpy: Xxpy) -> None:
        assert "-buildmode=c-shared needs cgo" in refused(
            xxpy, "-p", "linux/amd64", GOFLAGS="-buildmode=c-shared"
        )

    @pytest.mark.usefixtures("library")
    def test_a_shared_library_is_never_static(self, xxpy: Xxpy) -> None:
        assert "never static" in refused(
            xxpy, "-p", "linux/amd64", "--cgo", "--static", "--", "-buildmode=c-shared"
        )

    @pytest.mark.usefixtures("library")
    def test_a_mode_that_the_platform_lacks(self, xxpy: Xxpy) -> None:
        said = refused(
            xxpy, "-p", "windows/amd64", "--cgo", "--cc", "gcc", "--", "-buildmode=plugin"
        )
        assert "-buildmode=plugin not supported on windows/amd64" in said

    def test_static_pie(self, xxpy: Xxpy, module: Path) -> None:
        (module / "main.go").write_text(
            'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'
        )
        done = xxpy(
            "build", "-p", "local", "--cc", "gcc", "--cgo", "--static", "--", "-buildmode=pie", "."
        )
        assert done.returncode == 0, done.stderr
        (program,) = (module / "dist").rglob("hello")
        assert inspect(program)[0].linkage == "static-pie"
        assert (
            subprocess.run([str(program)], capture_output=True, text=True, check=True).stderr
            == "1\n"
        )


class TestPackages:
    @pytest.mark.parametrize(
        ("packages", "programs"),
        [
            (["example.com/hello/cmd/tool"], {"tool"}),
            (["./cmd/..."], {"tool"}),
            (["-tags", "foo", "./cmd/tool", "example.com/hello"], {"tool", "hello"}),
            (["./cmd/tool", "-tags", "foo"], {"tool"}),
            (["cmd/tool/main.go"], {"main"}),
            (["./..."], {"tool", "hello"}),
        ],
    )
    def test_only_what_is_named(
        self, xxpy: Xxpy, module: Path, packages: list[str], programs: set[str]
    ) -> None:
        done = xxpy("build", "-p", "linux/amd64", "--", *packages)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in (module / "dist/linux_amd64").iterdir()} == programs

    def test_the_command_line_prevails_over_the_configuration(
        self, xxpy: Xxpy, module: Path
    ) -> None:
        (module / "xxpy.toml").write_text('packages = ["."]\n')
        assert (
            xxpy("build", "-p", "linux/amd64", "--", "example.com/hello/cmd/tool").returncode == 0
        )
        assert {path.name for path in (module / "dist/linux_amd64").iterdir()} == {"tool"}

    def test_a_package_of_one_system_is_built_for_that_one(self, xxpy: Xxpy, module: Path) -> None:
        (module / "cmd/service").mkdir()
        (module / "cmd/service/main_windows.go").write_text("package main\n\nfunc main() {}\n")
        assert xxpy("build", "-p", "linux/amd64,windows/amd64").returncode == 0
        assert tree(module / "dist/linux_amd64") == ["hello", "tool"]
        assert tree(module / "dist/windows_amd64") == ["hello.exe", "service.exe", "tool.exe"]

    def test_a_package_with_c_is_not_left_out_in_silence(self, xxpy: Xxpy, module: Path) -> None:
        (module / "cmd/tool/main.go").write_text(C)
        done = xxpy("build", "-p", "linux/amd64")
        assert done.returncode == 1
        assert "a package has C code or only other platforms' files: add --cgo" in done.stderr

    def test_a_main_package_that_has_only_tests(self, xxpy: Xxpy, module: Path) -> None:
        (module / "check").mkdir()
        (module / "check/main_test.go").write_text("package main\n")
        said = refused(xxpy, "-p", "linux/amd64", "--", "./check")
        assert "no main package for linux/amd64 in ./check" in said
        assert xxpy("build", "-p", "linux/amd64").returncode == 0
        assert tree(module / "dist/linux_amd64") == ["hello", "tool"]

    @pytest.mark.parametrize(
        ("package", "message"),
        [
            ("cmd/tool", "cmd/tool is a package of Go itself"),
            ("cmd/...", "cmd/... is a package of Go itself"),
            ("./nowhere", "directory not found"),
            ("example.com/nowhere", "no required module provides package"),
            ("./greet", "no main package for linux/amd64 in ./greet"),
        ],
    )
    def test_packages_that_are_none(self, xxpy: Xxpy, package: str, message: str) -> None:
        assert message in refused(xxpy, "-p", "linux/amd64", "--", package)

    def test_two_programs_of_one_name(self, xxpy: Xxpy, module: Path) -> None:
        shutil.copytree(module / "cmd/tool", module / "other/tool")
        said = refused(xxpy, "-p", "linux/amd64")
        assert (
            "example.com/hello/cmd/tool and example.com/hello/other/tool both make a program tool"
            in said
        )
        assert xxpy("build", "-p", "linux/amd64", "--", "./other/tool").returncode == 0


class TestLevels:
    @pytest.mark.parametrize(
        ("platform", "variable", "value", "other"),
        [
            ("linux/amd64", "GOAMD64", "v3", "build for linux/amd64/v3"),
            ("windows/arm64", "GOARM64", "v8.2", "build for windows/arm64/v8.2"),
            ("linux/riscv64", "GORISCV64", "rva22u64", "reset it: unset GORISCV64"),
            ("linux/ppc64le", "GOPPC64", "power10", "reset it: unset GOPPC64"),
        ],
    )
    def test_a_level_above_the_platform_s(
        self, xxpy: Xxpy, platform: str, variable: str, value: str, other: str
    ) -> None:
        said = refused(xxpy, "-p", platform, **{variable: value})
        assert f"{variable}={value} asks for more than {platform} has" in said
        assert other in said

    def test_a_level_that_go_env_has_written(self, xxpy: Xxpy, tmp_path: Path) -> None:
        (tmp_path / "env").write_text("GOAMD64=v2\n")
        said = refused(xxpy, "-p", "linux/amd64", GOENV=str(tmp_path / "env"))
        assert "GOAMD64=v2 asks for more than linux/amd64 has (v1)" in said
        assert "go env -u GOAMD64" in said

    def test_the_platform_that_is_named_has_its_level(self, xxpy: Xxpy) -> None:
        assert (
            xxpy("build", "-p", "linux/amd64/v3,linux/arm64", "--", ".", GOAMD64="v3").returncode
            == 0
        )
        assert xxpy("verify", "-p", "linux/amd64/v3", "dist/linux_amd64_v3/hello").returncode == 0
        done = xxpy("verify", "-p", "linux/amd64", "dist/linux_amd64_v3/hello")
        assert done.returncode == 6
        assert "was built with GOAMD64=v3, more than linux/amd64 has (v1)" in done.stdout

    def test_c_for_the_processor_of_this_machine(self, xxpy: Xxpy) -> None:
        said = refused(
            xxpy, "-p", "linux/arm64", "--cgo", "--cc", "gcc", CGO_CFLAGS="-O2 -march=native"
        )
        assert "-march=native in CGO_CFLAGS" in said


class TestWhatWasAskedFor:
    def test_static_glibc_of_a_compiler_that_has_none(self, xxpy: Xxpy) -> None:
        said = refused(xxpy, "-p", "linux/riscv64", "--cgo", "--static", "--cc", "zig")
        assert "has no static glibc" in said

    def test_the_floor_of_glibc_is_checked(self, xxpy: Xxpy, module: Path) -> None:
        """gcc links the machine's glibc, and nobody has asked for that in [verify]."""
        (module / "main.go").write_text(
            'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nfunc main() { println(C.one()) }\n'
        )
        done = xxpy("build", "-p", "local", "--cgo", "--cc", "gcc", "--libc", "gnu.2.17")
        assert done.returncode in {5, 6}
        assert "2.17" in done.stderr
        assert not (module / "dist").exists()

    def test_go_s_cache_tells_compilers_for_one_triple_apart(
        self, xxpy: Xxpy, tmp_path: Path
    ) -> None:
        """Whatever the user's cache is, and not only by the name of the compiler, which is the same with any libc, floor and sysroot."""
        asked = ("build", "--dry-run", "--cgo", "--cc", "gcc", "-p", "linux/arm64")
        plans = [
            json.loads(xxpy(*asked, XDG_CACHE_HOME=str(tmp_path / name)).stdout)
            for name in ("one", "two")
        ]
        first, second = (plan["steps"][0]["environment"]["CC"] for plan in plans)
        assert first == second
        assert first.startswith("aarch64-linux-gnu-gcc -DXXPY_KIT_")


class TestTheStamp:
    @pytest.fixture
    def clone(self, module: Path, tmp_path: Path) -> Path:
        """Return a clean clone, with a tag and no .gitignore."""
        git(module, "init", "-q")
        git(module, "add", "-A")
        git(module, "commit", "-q", "-m", "hello")
        git(module, "tag", "v1.2.3")
        git(tmp_path, "clone", "-q", str(module), "clone")
        return tmp_path / "clone"

    @staticmethod
    def stamps(folder: Path) -> set[str]:
        found = {
            path: inspect(path)[0].go
            for path in folder.rglob("*")
            if path.suffix != ".json" and path.is_file()
        }
        return {
            f"{go.module} {dict(go.settings)['vcs.modified']}"
            for go in found.values()
            if go is not None
        }

    @staticmethod
    def contents(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.glob("[!.]*/**/*")
            if path.is_file()
        }

    def test_two_runs_give_the_same_bytes_and_the_same_stamp(self, xxpy: Xxpy, clone: Path) -> None:
        there = Xxpy(clone, xxpy.cache, {"GOFLAGS": "-buildvcs=true"})
        assert there("build", "-p", FOUR, "--jobs", "2").returncode == 0
        first = self.contents(clone / "dist")
        assert len(first) == 8
        assert self.stamps(clone / "dist") == {"example.com/hello v1.2.3 false"}
        assert there("build", "-p", FOUR).returncode == 0
        assert self.contents(clone / "dist") == first
        assert there("build", "-p", FOUR, "-o", "other [folder] *").returncode == 0
        assert self.contents(clone / "other [folder] *") == first
        assert git(clone, "status", "--porcelain").splitlines() == [
            "?? dist/",
            '?? "other [folder] */"',
        ]

    def test_what_the_user_has_changed_counts(self, xxpy: Xxpy, clone: Path) -> None:
        there = Xxpy(clone, xxpy.cache, {"GOFLAGS": "-buildvcs=true"})
        (clone / "dist").mkdir()
        (clone / "dist/notes").write_text("of the user\n")
        assert there("build", "-p", "linux/amd64", "--", ".").returncode == 0
        assert self.stamps(clone / "dist/linux_amd64") == {"example.com/hello v1.2.3+dirty true"}

    def test_the_user_s_own_ignored_files_stay_ignored(
        self, xxpy: Xxpy, clone: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "ignored").write_text("*.bak\n")
        (clone / "old.bak").write_text("")
        variables = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "core.excludesFile",
            "GIT_CONFIG_VALUE_0": str(tmp_path / "ignored"),
        }
        there = Xxpy(clone, xxpy.cache, {"GOFLAGS": "-buildvcs=true", **variables})
        assert there("build", "-p", "linux/amd64", "--", ".").returncode == 0
        assert self.stamps(clone / "dist") == {"example.com/hello v1.2.3 false"}
