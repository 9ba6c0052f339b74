"""What ``xx-apt`` does to sources files, and what it hands on untouched. What it asks of a real apt: ``tests/container/test_apt.py``."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.differential import roots
from xxpy import wrappers
from xxpy.errors import UnsupportedPlatformError
from xxpy.machine import resources
from xxpy.sysroot import release
from xxpy.table.platform import parse
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from pathlib import Path

TABLE = resources.table()
SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash"]}


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "xx-apt-get"
    path.write_text(
        wrappers.render(
            "xx-apt-get", resources.table(), resources.texts("templates", "commands/*.sh")
        )
    )
    return path


def run(
    script: Path, *arguments: str, shell: str = "dash", path: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    program = shutil.which(SHELLS[shell][0]) or shell
    environment = {"PATH": path or os.environ["PATH"], **variables}
    return subprocess.run(
        [program, *SHELLS[shell][1:], str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


DEB822 = "# ours\nTypes: deb deb-src\nURIs: http://a/b\nSuites: s\n\nTypes: deb\nURIs: http://c\nSuites: t\n"
ONE_LINE = {
    "deb http://a/b s main": "deb [arch=amd64] http://a/b s main",
    "deb-src http://a/b s main": "deb-src [arch=amd64] http://a/b s main",
    "# deb http://a/b s main": "# deb [arch=amd64] http://a/b s main",
    "#deb-src http://a/b s main # note": "#deb-src [arch=amd64] http://a/b s main # note",
    "deb [signed-by=/k] http://a/b s main": "deb [arch=amd64 signed-by=/k] http://a/b s main",
    "deb [ trusted=yes signed-by=/k ]\thttp://a/b s  main": "deb [arch=amd64 trusted=yes signed-by=/k] http://a/b s  main",
    "  deb cdrom:[A disc]/ s main": "  deb [arch=amd64] cdrom:[A disc]/ s main",
    "deb [arch=arm64] http://a/b s main": "deb [arch=arm64] http://a/b s main",
    "deb [trusted=yes arch=i386,amd64] http://a s": "deb [trusted=yes arch=i386,amd64] http://a s",
    "deb [arch-=i386] http://a s": "deb [arch-=i386] http://a s",
    "# deb lines are entries, this is none": "# deb lines are entries, this is none",
    "debian http://a s": "debian http://a s",
    "": "",
    "# $(id) \\n %s": "# $(id) \\n %s",
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_sources_file_is_restricted_once(shell: str, script: Path, tmp_path: Path) -> None:
    deb822 = tmp_path / "a.sources"
    deb822.write_text(DEB822)
    one_line = tmp_path / "sources.list"
    one_line.write_text("\n".join(ONE_LINE))
    one_line.chmod(0o640)
    for _ in range(2):
        for file in (deb822, one_line):
            got = run(script, "--fix-source-file", str(file), "amd64", shell=shell)
            assert (got.returncode, got.stdout, got.stderr) == (0, "", "")
        types = "Types: deb deb-src\n", "Types: deb\n"
        assert deb822.read_text() == DEB822.replace(
            types[0], types[0] + "Architectures: amd64\n"
        ).replace(types[1], types[1] + "Architectures: amd64\n")
        assert one_line.read_text() == "\n".join(ONE_LINE.values()) + "\n"
    assert stat.S_IMODE(one_line.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.sources", "sources.list"]


def test_a_sources_file_that_names_architectures_stays(script: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.sources"
    text = DEB822.replace("Types: deb\n", "Types: deb\nArchitectures: arm64 amd64\n")
    file.write_text(text)
    assert run(script, "--fix-source-file", str(file), "amd64").returncode == 0
    assert file.read_text() == text


@pytest.mark.parametrize(
    "arguments", [(), ("/nowhere/x.list", "amd64"), ("/etc/os-release",), ("/etc/os-release", "")]
)
def test_a_sources_file_that_cannot_be_meant(arguments: tuple[str, ...], script: Path) -> None:
    got = run(script, "--fix-source-file", *arguments)
    assert (got.returncode, got.stdout) == (1, "")
    assert got.stderr.startswith(("usage: ", "file not found: /nowhere/x.list"))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("update",),
        ("-y", "upgrade", "install"),
        ("--help",),
        ("-o", "install", "moo"),
        (
            "-yo",
            "install",
            "-qt",
            "install",
            "dist-upgrade",
            "a b",
            "",
            "*",
            "a\nb",
            "$(id)",
            "\\",
            "'",
        ),
        ("--option", "search", "--target-release=x", "-c", "show", "autoremove"),
    ],
)
@pytest.mark.parametrize("shell", SHELLS)
def test_other_verbs_reach_apt_byte_for_byte(
    shell: str, words: tuple[str, ...], script: Path, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text(
        '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\nexit 42\n'
    )
    (tmp_path / "apt-get").chmod(0o755)
    (tmp_path / "sh").symlink_to("/bin/sh")
    # The target does not matter to them, nor whether there is one.
    got = run(script, *words, shell=shell, path=str(tmp_path), TARGETPLATFORM="linux/foo")
    assert (got.stdout, got.stderr, got.returncode) == (
        "".join(f"<{word}>" for word in words),
        "",
        42,
    )


@pytest.mark.parametrize(
    ("platform", "message"),
    [
        ("darwin/arm64", "skipping packages installation on darwin/arm64"),
        ("freebsd/amd64", "skipping packages installation on freebsd/amd64"),
        ("wasi/wasm", "skipping packages installation on wasi/wasm"),
        ("linux/mips64le", "skipping packages installation on linux/mips64le"),
        ("linux/mips/softfloat", "skipping packages installation on linux/mips/softfloat"),
    ],
)
@pytest.mark.parametrize("verb", ["install", "remove", "search", "show", "list", "info"])
def test_platforms_without_packages_are_passed_over(
    verb: str, platform: str, message: str, script: Path
) -> None:
    got = run(script, "-y", verb, "gcc", TARGETPLATFORM=platform)
    assert (got.stdout, got.stderr, got.returncode) == ("", message + "\n", 0)


def test_an_unknown_platform_and_no_apt(script: Path, tmp_path: Path) -> None:
    got = run(script, "install", "gcc", TARGETPLATFORM="linux/foo")
    assert (got.stderr.splitlines()[0], got.returncode) == (
        "unsupported target: os=linux arch=foo variant=",
        1,
    )
    got = run(script, "install", "gcc", path=str(tmp_path), TARGETPLATFORM="windows/amd64")
    assert (got.stderr.splitlines()[0], got.returncode) == ("apt-get: not found", 1)


RELEASED = tuple(
    key
    for key, row in TABLE.rows.items()
    if row.platform.os == "linux" and row.packages is not None
)
"""The platforms whose packages have an architecture of their own in Debian and its family."""

STUBS = {
    "dpkg": "case $1 in --print-architecture) echo amd64 ;; esac\n",
    "apt-get": "exit 0\n",
}


@pytest.mark.parametrize("identity", ["debian-12", "debian-13", "ubuntu"])
def test_one_answer_to_which_release_has_a_platform(identity: str, tmp_path: Path) -> None:
    root = roots.make(tmp_path, "dash", identity)
    (root.path / "dev").mkdir()
    (root.path / "dev/null").touch()
    for name, text in STUBS.items():
        (root.path / "usr/bin" / name).write_text(f"#!/bin/sh\n{text}")
        (root.path / "usr/bin" / name).chmod(0o755)
    distribution, number = roots.IDENTITIES[identity]
    verdicts = set()
    for key in RELEASED:
        row = TABLE.rows[key]
        try:
            release.source(f"{distribution}:{number}", row, TABLE, mirror="http://nowhere")
            has = True
        except UnsupportedPlatformError:
            has = False
        target = resolve(TABLE, row.platform, distribution, build=parse("linux/amd64", TABLE.words))
        said = root.run(
            "sh",
            "/usr/bin/xx-apt-get",
            "install",
            "-y",
            "zlib1g-dev",
            environment={"TARGETPLATFORM": key},
        ).stderr
        refused = (
            f"{distribution} {number} has no packages for {key}" in said
            or f"which {distribution} {number} does not have" in said
        )
        if target.is_cross:
            assert refused is not has, (key, said)
            verdicts.add(has)
    assert verdicts == {True, False}
