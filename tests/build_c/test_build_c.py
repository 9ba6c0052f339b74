"""``xxpy build`` in C and C++ projects of every kind, with nothing configured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.build.conftest import tree
from tests.build_c import projects
from tests.build_c.machine import free_port, path_without
from tests.kit.conftest import Xxpy

HELLO = '#include <stdio.h>\nint main(void) { printf("%d bits\\n", (int)(8 * sizeof(void *))); return 0; }\n'
FOREIGN = {"linux/arm64": "64 bits", "linux/arm/v7": "32 bits"}
"""Platforms whose cross packages are in tests/packages.txt, and what the programs print there."""


def log_of(xxpy: Xxpy, platform: str) -> str:
    (log,) = Path(xxpy.environment["XDG_CACHE_HOME"]).glob(
        f"xxpy/logs/*/{platform.replace('/', '_')}.log"
    )
    return log.read_text()


@pytest.mark.parametrize("kind", projects.ALL)
def test_a_project_is_built_tested_and_installed(kind: str, xxpy: Xxpy) -> None:
    folder = projects.write(xxpy.folder, projects.ALL[kind])
    before = tree(folder)
    done = xxpy("build", "--platform", "linux/arm64", "--run-tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(folder / "dist") == sorted([
        "linux_arm64/", "linux_arm64/bin/", "linux_arm64/bin/hello", "linux_arm64/include/", "linux_arm64/include/word.h",
        "linux_arm64/lib/", "linux_arm64/lib/libword.a",
    ])  # fmt: skip
    assert [path for path in tree(folder) if not path.startswith("dist")] == before
    assert xxpy("run", "dist/linux_arm64/bin/hello").stdout == "64 bits\n"
    passed = {
        "cmake": r"1/1 Test #1: hello \.+ +Passed",
        "meson": r"Ok: +1",
        "autotools": r"# PASS: +1",
        "make": r"test -x hello",
    }
    assert re.search(passed[kind], log_of(xxpy, "linux/arm64"))


def test_a_single_file_for_every_compiler(xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.c").write_text(HELLO)
    done = xxpy(
        "build",
        "hello.c",
        "--platform",
        "local,linux/arm64,linux/arm/v7,windows/amd64,darwin/arm64,linux/riscv64",
        "--keep-going",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "note:" not in xxpy("build", "hello.c", "--platform", "darwin/arm64").stderr
    names = (
        "darwin_arm64/hello",
        "linux_arm64/hello",
        "linux_arm_v7/hello",
        "linux_riscv64/hello",
        "windows_amd64/hello.exe",
    )
    assert all((xxpy.folder / "dist" / name).is_file() for name in names)
    assert xxpy("verify", "--tree", "dist").returncode == 0
    for platform, expected in FOREIGN.items():
        assert (
            xxpy("run", "--platform", platform, f"dist/{platform.replace('/', '_')}/hello").stdout
            == f"{expected}\n"
        )


def test_c_plus_plus(xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.cc").write_text(
        '#include <iostream>\nint main() { std::cout << 8 * sizeof(void *) << " bits\\n"; }\n'
    )
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert xxpy("run", "dist/linux_arm64/hello").stdout == "64 bits\n"


def test_arguments_of_the_compiler(xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.c").write_text(
        '#include <math.h>\n#include <stdio.h>\nint main(void) { printf("%s %.0f\\n", WORD, pow(2, 3)); return 0; }\n'
    )
    done = xxpy("build", "--platform", "linux/arm64", "--static", "--", '-DWORD="a b"', "-lm")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "static" in done.stdout
    assert xxpy("run", "dist/linux_arm64/hello").stdout == "a b 8\n"


def test_a_preset(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.CMAKE)
    done = xxpy("build", "--platform", "linux/arm64", "--", "--preset", "small")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CMAKE_BUILD_TYPE" in log_of(xxpy, "linux/arm64")
    assert (xxpy.folder / "dist/linux_arm64/bin/hello").is_file()


def test_an_install_step_that_would_write_elsewhere_is_not_run(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.MAKE_WITHOUT_INSTALL)
    done = xxpy("build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(xxpy.folder / "dist") == ["linux_arm64/", "linux_arm64/hello"]
    assert not Path("/xxpy-must-not-be-written").exists()


def test_outputs_that_are_named(xxpy: Xxpy) -> None:
    projects.write(
        xxpy.folder,
        {**projects.MAKE_WITHOUT_INSTALL, "xxpy.toml": 'outputs = ["hello", "word.h"]\n'},
    )
    assert xxpy("build", "--platform", "linux/arm64").returncode == 0
    assert tree(xxpy.folder / "dist") == ["linux_arm64/", "linux_arm64/hello", "linux_arm64/word.h"]


def test_the_same_bytes_from_another_folder_with_debug_information(tmp_path: Path) -> None:
    found = []
    for name in ("one", "another one"):
        folder = tmp_path / name / "project"
        folder.mkdir(parents=True)
        projects.write(
            folder,
            {**projects.CMAKE, "word.c": projects.LIBRARY_C + "const char *place = __FILE__;\n"},
        )
        xxpy = Xxpy(
            folder,
            variables={
                "XDG_CACHE_HOME": str(tmp_path / name.partition(" ")[0]),
                "CFLAGS": "-O2 -g",
            },
        )
        assert xxpy("build", "--platform", "linux/arm64").returncode == 0
        found.append(
            [
                (path.relative_to(folder), path.read_bytes())
                for path in sorted((folder / "dist").rglob("*"))
                if path.is_file()
            ]
        )
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "kind",
    [
        "cmake",
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("meson", "autotools", "make")),
    ],
)
def test_a_compiler_cache_that_is_there_is_used(kind: str, xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.ALL[kind])
    xxpy.variables["CCACHE_DIR"] = str(xxpy.folder.parent / "ccache")
    for _ in range(2):
        done = xxpy("build", "--platform", "linux/arm64", "--output", "../dist")
        assert done.returncode == 0, done.stdout + done.stderr
    counted = dict(
        line.split("\t")[:2] for line in xxpy.run("ccache", "--print-stats").stdout.splitlines()
    )
    assert int(counted["direct_cache_hit"]) + int(counted["preprocessed_cache_hit"]) >= 2


@pytest.mark.slow
def test_sccache_where_there_is_no_ccache(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.CMAKE)
    own = {
        "SCCACHE_DIR": str(xxpy.folder.parent / "sccache"),
        "SCCACHE_SERVER_PORT": str(free_port()),
    }
    xxpy.variables.update(own, PATH=path_without(xxpy.folder.parent / "bin", "ccache"))
    try:
        for _ in range(2):
            done = xxpy("build", "--platform", "linux/arm64", "--output", "../dist")
            assert done.returncode == 0, done.stdout + done.stderr
        counted = json.loads(xxpy.run("sccache", "--show-stats", "--stats-format", "json").stdout)
        assert sum(counted["stats"]["cache_hits"]["counts"].values()) >= 2
    finally:
        xxpy.run("sccache", "--stop-server")


TRIAL = {
    "cmake": {
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(hello C)\ninclude(CheckCSourceRuns)\n"
        'check_c_source_runs("int main(void) { return sizeof(void *) != 4; }" NARROW)\nadd_executable(hello main.c)\n'
        "target_compile_definitions(hello PRIVATE NARROW=$<BOOL:${NARROW}>)\ninstall(TARGETS hello)\n",
    },
    "meson": {
        "meson.build": "project('hello', 'c')\n"
        "trial = meson.get_compiler('c').run('int main(void) { return sizeof(void *) != 4; }')\n"
        "executable('hello', 'main.c', c_args: '-DNARROW=@0@'.format(trial.returncode() == 0 ? 1 : 0), install: true)\n",
    },
}
"""Projects that run a program while they are configured."""


@pytest.mark.parametrize("kind", TRIAL)
def test_what_is_tried_while_configuring_runs_under_the_emulator(kind: str, xxpy: Xxpy) -> None:
    main = '#include <stdio.h>\nint main(void) { printf("%d\\n", NARROW); return 0; }\n'
    projects.write(xxpy.folder, {**TRIAL[kind], "main.c": main})
    done = xxpy("build", "--platform", "linux/arm/v7")
    assert done.returncode == 0, done.stdout + done.stderr
    assert xxpy("run", "dist/linux_arm_v7/bin/hello").stdout == "1\n"


def test_a_dll_with_its_import_library(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, {
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(word C)\nadd_library(word SHARED word.c)\nadd_executable(use main.c)\n"
        "target_link_libraries(use word)\ninstall(TARGETS word use RUNTIME DESTINATION bin LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)\n",
        **projects.SOURCES,
    })  # fmt: skip
    done = xxpy("build", "--platform", "windows/amd64", "--cc", "gcc")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {
        "windows_amd64/bin/libword.dll",
        "windows_amd64/bin/use.exe",
        "windows_amd64/lib/libword.dll.a",
    } <= set(tree(xxpy.folder / "dist"))


def test_cgo_with_net_and_os_user(xxpy: Xxpy) -> None:
    projects.write(xxpy.folder, projects.CGO)
    done = xxpy(
        "build", "--cgo", "--platform", "linux/arm64,windows/amd64,darwin/arm64", "--keep-going"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "CGO on" in done.stdout
    assert xxpy("run", "dist/linux_arm64/hello").stdout.endswith("64 bits\n")
    described = json.loads(xxpy("inspect", "--json", "dist/linux_arm64/hello").stdout)
    assert "libc.so.6" in json.dumps(described)


def test_explain(xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.c").write_text(HELLO)
    lines = xxpy("build", "--explain", "--platform", "linux/arm64", "--libc", "gnu.2.28").stdout
    assert "linux/arm64 → aarch64-linux-gnu" in lines
    assert re.search(r"clang \S+ +cannot: links the libc of its sysroot", lines)
    assert re.search(r"zig \S+ +chosen: clang \S+, base sysroot glibc 2\.28", lines)


def test_a_project_with_several_build_systems(xxpy: Xxpy) -> None:
    projects.write(
        xxpy.folder, {**projects.AUTOTOOLS, **projects.MAKE, **projects.MESON, **projects.CMAKE}
    )
    assert (
        json.loads(xxpy("build", "--dry-run", "--platform", "linux/arm64").stdout)["language"]
        == "cmake"
    )
    for kind in ("meson", "autotools", "make"):
        assert (
            json.loads(
                xxpy("build", "--dry-run", "--language", kind, "--platform", "linux/arm64").stdout
            )["language"]
            == kind
        )


class TestBadInput:
    def test_a_makefile_that_ignores_the_compiler(self, xxpy: Xxpy) -> None:
        projects.write(
            xxpy.folder,
            {**projects.SOURCES, "Makefile": "hello: main.c word.c\n\tgcc -o $@ main.c word.c\n"},
        )
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 6
        assert "hello is not a binary for linux/arm64" in done.stdout + done.stderr
        assert "does not use the compiler that xxpy gives it" in done.stderr
        assert not (xxpy.folder / "dist").exists()

    def test_a_configure_that_ignores_host(self, xxpy: Xxpy) -> None:
        configure = "#!/bin/sh\nprintf 'hello: main.c word.c\\n\\tgcc -o $@ main.c word.c\\ninstall: hello\\n\\tmkdir -p $(DESTDIR)/usr/local/bin; cp hello $(DESTDIR)/usr/local/bin\\n' > Makefile\n"
        projects.write(xxpy.folder, {**projects.SOURCES, "configure": configure})
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 6
        assert "check that it respects CC and --host" in done.stderr

    def test_a_build_that_runs_what_it_built(self, xxpy: Xxpy) -> None:
        projects.write(
            xxpy.folder,
            {
                "main.c": HELLO,
                "Makefile": "all: tool.exe\n\t./tool.exe > made.h\ntool.exe: main.c\n\t$(CC) -o $@ main.c\n",
            },
        )
        done = xxpy("build", "--platform", "windows/amd64", "--cc", "gcc")
        assert done.returncode == 1
        assert "runs ./tool.exe" in done.stderr
        assert "CC_FOR_BUILD" in done.stderr

    def test_a_fault_in_the_source(self, xxpy: Xxpy) -> None:
        (xxpy.folder / "hello.c").write_text("int main(void) { return nothing; }\n")
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 1
        assert "hello.c:1:" in done.stderr

    def test_a_header_that_the_target_lacks(self, xxpy: Xxpy) -> None:
        (xxpy.folder / "hello.c").write_text("#include <nowhere.h>\n" + HELLO)
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 1
        assert "linux/arm64 failed: nowhere.h is missing\n" in done.stderr
        assert "  hint: libraries of linux/arm64 come from a sysroot" in done.stderr
        assert "xxpy sysroot add --platform linux/arm64" in done.stderr

    def test_a_library_for_a_system_without_packages(self, xxpy: Xxpy) -> None:
        projects.write(xxpy.folder, projects.WITH_ZLIB["cmake"])
        done = xxpy("build", "--platform", "windows/amd64", "--cc", "gcc")
        assert done.returncode == 1
        assert "windows/amd64 failed: ZLIB is missing\n" in done.stderr
        assert "  hint: use a folder with it (--sysroot DIR, for windows/amd64)" in done.stderr

    def test_clang_with_cross_packages_does_not_see_the_headers_of_this_machine(
        self, xxpy: Xxpy
    ) -> None:
        asked = 'for word in c c++; do "$CC" -E -v -x "$word" /dev/null; done'
        said = xxpy(
            "exec", "--platform", "linux/arm64", "--cc", "clang", "--", "sh", "-c", asked
        ).stderr
        places = {line.strip() for line in said.splitlines() if line.startswith(" /")}
        assert "/usr/aarch64-linux-gnu/include" in places
        assert not places & {"/usr/include", "/usr/local/include"}

    def test_files_that_nothing_joins(self, xxpy: Xxpy) -> None:
        projects.write(xxpy.folder, projects.SOURCES)
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 8
        assert "2 C and C++ files" in done.stderr

    def test_no_cmake(self, xxpy: Xxpy) -> None:
        projects.write(xxpy.folder, projects.CMAKE)
        done = xxpy("build", "--platform", "linux/arm64", PATH="/nowhere")
        assert done.returncode == 5
        assert "cmake: not found on PATH" in done.stderr

    def test_an_sdk_folder_that_is_none(self, xxpy: Xxpy) -> None:
        (xxpy.folder / "hello.c").write_text(HELLO)
        (xxpy.folder / "sdk").mkdir()
        done = xxpy("build", "--platform", "darwin/arm64", "--sdk", "sdk")
        assert done.returncode == 5
        assert "no SDK" in done.stderr

    def test_an_ndk_folder_that_is_none(self, xxpy: Xxpy) -> None:
        (xxpy.folder / "hello.c").write_text(HELLO)
        done = xxpy("build", "--platform", "android/arm64", "--ndk", ".")
        assert done.returncode == 5
        assert "no clang in the NDK folder" in done.stderr

    def test_static_programs_of_a_compiler_that_links_glibc_only_dynamically(
        self, xxpy: Xxpy
    ) -> None:
        (xxpy.folder / "hello.c").write_text(HELLO)
        done = xxpy("build", "--static", "--cc", "zig", "--platform", "linux/riscv64")
        assert done.returncode == 5
        assert "has no static glibc" in done.stderr
        assert "--libc musl" in done.stderr

    def test_tests_that_nothing_runs(self, xxpy: Xxpy) -> None:
        projects.write(xxpy.folder, projects.CMAKE)
        done = xxpy("build", "--platform", "darwin/arm64", "--run-tests")
        assert (done.returncode, done.stdout) == (5, "")
        assert "nothing on this machine runs the tests for darwin/arm64" in done.stderr

    def test_a_program_that_needs_a_newer_glibc_than_is_asked_for(self, xxpy: Xxpy) -> None:
        (xxpy.folder / "hello.c").write_text(HELLO)
        (xxpy.folder / "xxpy.toml").write_text('[verify]\nglibc-max = "2.16"\n')
        done = xxpy("build", "--platform", "linux/arm64", "--cc", "gcc")
        assert done.returncode == 6
        assert "hello does not meet the requirements for linux/arm64" in done.stderr
        assert "newer than 2.16" in done.stderr
        assert "does not use the compiler" not in done.stderr

    def test_c_in_a_go_module_without_cgo(self, xxpy: Xxpy) -> None:
        projects.write(
            xxpy.folder,
            {
                "go.mod": "module x\n\ngo 1.21\n",
                "main.go": 'package main\n\nimport "C"\n\nfunc main() {}\n',
            },
        )
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 1
        assert "hint: a package has C code" in done.stderr
        assert "--cgo" in done.stderr

    def test_tests_that_fail(self, xxpy: Xxpy) -> None:
        projects.write(xxpy.folder, {**projects.CMAKE, "main.c": "int main(void) { return 3; }\n"})
        assert xxpy("build", "--platform", "linux/arm64", "--run-tests").returncode == 1
        assert not (xxpy.folder / "dist").exists()

    def test_spaces_and_quotes(self, tmp_path: Path) -> None:
        folder = tmp_path / "it's a folder"
        folder.mkdir()
        projects.write(folder, projects.CMAKE)
        xxpy = Xxpy(
            folder,
            variables={
                "XDG_CACHE_HOME": str(tmp_path / "a cache"),
                "CFLAGS": "-O1 -DNAME='\"a b\"'",
            },
        )
        done = xxpy("build", "--platform", "linux/arm64")
        assert done.returncode == 0, done.stdout + done.stderr
        assert xxpy("run", "dist/linux_arm64/bin/hello").stdout == "64 bits\n"
