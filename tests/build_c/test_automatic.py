"""``--sysroot auto``: a build finds the packages of its libraries, takes them, and writes them down."""

from __future__ import annotations

import gzip
import json
import shutil
import time
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "linux/arm64"
ALL = {**projects.WITH_ZLIB, "cgo": projects.CGO_WITH_ZLIB}
TRIPLE = "aarch64-linux-gnu"
CONTENTS = {
    "usr/include/zlib.h": "zlib1g-dev",
    f"usr/lib/{TRIPLE}/libz.so": "zlib1g-dev",
    f"usr/lib/{TRIPLE}/pkgconfig/zlib.pc": "zlib1g-dev",
    "usr/include/one/both.h": "libone-dev",
    "usr/include/two/both.h": "libtwo-dev",
}
"""The index of the release's contents, in the cache, so that no test fetches 40 MB."""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache for all tests, with the index of contents."""
    made = tmp_path_factory.mktemp("cache")
    folder = made / "xxpy/contents"
    folder.mkdir(parents=True)
    lines = "".join(f"{path}\tlibdevel/{package}\n" for path, package in CONTENTS.items())
    for name, text in (("arm64", f"\n{lines}"), ("all", "\n")):
        (folder / f"debian-bookworm-{name}.1.gz").write_bytes(gzip.compress(text.encode()))
    return made


def project(folder: Path, cache: Path, files: dict[str, str]) -> Xxpy:
    return Xxpy(projects.write(folder, files), variables={"XDG_CACHE_HOME": str(cache)})


@pytest.mark.slow
def test_go_forgets_a_sysroot_of_another_cache(cache: Path, tmp_path: Path) -> None:
    """Go keeps what pkg-config has said, and with the same words of CC does not ask again."""
    words = ("build", "--cgo", "--platform", PLATFORM, "--sysroot", "auto", "--save")
    before = tmp_path / "before"
    new = {"main.go": f"{ALL['cgo']['main.go']}\n// {tmp_path} {time.time_ns()}\n"}
    xxpy = project(tmp_path / "project", before, {**ALL["cgo"], **new})
    shutil.copytree(cache, before, symlinks=True)
    assert xxpy(*words).returncode == 0
    after = before.rename(tmp_path / "after")
    again = Xxpy(xxpy.folder, variables={"XDG_CACHE_HOME": str(after)})
    done = again(*words[:4], "--", "-ldflags=-v")
    assert done.returncode == 0, done.stdout + done.stderr
    (log,) = after.glob("xxpy/logs/*/*.log")
    assert "host link" in log.read_text()
    assert str(before) not in log.read_text()


@pytest.mark.parametrize(
    "kind",
    [
        "cgo",
        *(
            pytest.param(kind, marks=pytest.mark.slow)
            for kind in ("autotools", "cmake", "make", "meson")
        ),
    ],
)
def test_a_build_takes_what_it_needs(kind: str, cache: Path, tmp_path: Path) -> None:
    xxpy = project(tmp_path, cache, ALL[kind])
    words = ("build", "--cgo", "--platform", PLATFORM)
    failed = xxpy(*words)
    assert failed.returncode == 1
    assert "add --sysroot auto --save, which takes zlib1g-dev of debian:bookworm" in failed.stderr
    done = xxpy(*words, "--sysroot", "auto", "--save")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"taking zlib1g-dev of debian:bookworm for {PLATFORM}: it has " in done.stderr
    saved = tomllib.loads((tmp_path / "xxpy.toml").read_text())["platform"][PLATFORM]["sysroot"]
    assert (saved["distribution"], saved["packages"]) == ("debian:bookworm", ["zlib1g-dev"])
    again = xxpy(*words)
    assert again.returncode == 0, again.stderr
    assert "taking" not in again.stderr
    (program,) = (path for path in (tmp_path / "dist").rglob("hello") if path.is_file())
    assert "libz.so.1" in xxpy.run("readelf", "-d", str(program)).stdout


def test_several_packages_are_named_and_nothing_is_saved(cache: Path, tmp_path: Path) -> None:
    files = {"main.c": '#include "both.h"\nint main(void) { return 0; }\n'}
    xxpy = project(tmp_path, cache, {**files, "xxpy.toml": 'sysroot = "auto"\n'})
    done = xxpy("build", "--platform", PLATFORM, "--save")
    assert done.returncode == 1
    assert "both.h is in libone-dev, libtwo-dev: add one to packages of sysroot" in done.stderr
    assert "no packages to save" in done.stderr
    assert (tmp_path / "xxpy.toml").read_text() == 'sysroot = "auto"\n'


def test_what_no_package_has_is_said(cache: Path, tmp_path: Path) -> None:
    files = {"main.c": "#include <nowhere.h>\nint main(void) { return 0; }\n"}
    xxpy = project(tmp_path, cache, files)
    said = xxpy("build", "--platform", PLATFORM, "--sysroot", "auto").stderr
    assert "no package of debian:bookworm has nowhere.h" in said
    assert "--sysroot auto" not in xxpy("build", "--platform", PLATFORM).stderr
    windows = xxpy("build", "--platform", "windows/amd64", "--sysroot", "auto").stderr
    assert "no distribution has packages for windows/amd64" in windows


def test_a_configure_that_gives_up_in_words_of_its_own(cache: Path, tmp_path: Path) -> None:
    said = ("checking for inflate in -lz... no", "checking for libraries... Cannot find any, sorry")
    script = "".join(f"echo '{line}'\n" for line in said)
    files = {"configure": f"#!/bin/sh\n{script}exit 1\n", "Makefile.in": "", "main.c": ""}
    xxpy = project(tmp_path, cache, files)
    failed = xxpy("build", "--platform", PLATFORM).stderr
    assert "add --sysroot auto --save, which takes zlib1g-dev of debian:bookworm" in failed
    event = json.loads(xxpy("build", "--platform", PLATFORM, "--json").stdout.splitlines()[-2])
    assert event["hint"].startswith("add --sysroot auto --save, which takes zlib1g-dev")
    failed = xxpy("build", "--platform", "freebsd/amd64").stderr
    assert "hint: the platform may lack -lz: use a folder with it (--sysroot DIR" in failed


def test_a_build_without_libraries_needs_no_sysroot(cache: Path, tmp_path: Path) -> None:
    xxpy = project(tmp_path, cache, {"main.c": "int main(void) { return 0; }\n"})
    done = xxpy("build", "--platform", PLATFORM, "--json", XXPY_BUILD_SYSROOT="auto")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events == ["begin", "start", "finish", "end"]


def test_only_a_build_finds_out(cache: Path, tmp_path: Path) -> None:
    xxpy = project(tmp_path, cache, {**projects.WITH_ZLIB["make"], "xxpy.toml": 'sysroot = "auto"'})
    done = xxpy("exec", "--platform", PLATFORM, "--", "true")
    assert done.returncode == 2
    assert "xxpy build --sysroot auto --save" in done.stderr
    shown = xxpy("build", "--platform", PLATFORM, "--explain")
    assert shown.returncode == 0, shown.stderr
    assert xxpy("build", "--platform", PLATFORM, "--save", "--no-sysroot").returncode == 2


def test_tools_are_named_at_once(cache: Path, tmp_path: Path) -> None:
    known = ("xmlto", "asciidoctor", "valac", "swig", "re2c", "doxygen", "scdoc")
    needed, first, second, *_ = (name for name in known if shutil.which(name) is None)
    rules = f"ONE = {first}\nTWO = {second}\nhello: main.c\n\t{needed} main.c\n"
    xxpy = project(tmp_path, cache, {"Makefile": rules, "main.c": ""})
    said = xxpy("build", "--platform", PLATFORM).stderr
    assert f"install what the build needs: apt-get install {needed}" in said
    assert (
        f"it may also need {first} (Makefile:1), {second} (Makefile:2): apt-get install {needed}"
        in said
    )
