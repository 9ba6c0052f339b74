"""Libraries of the target: found in the project's sysroot by every build tool, and never on this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.build_c import projects
from tests.build_c.machine import path_without
from tests.kit.conftest import Xxpy

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "linux/arm64"
ALL = {**projects.WITH_ZLIB, "cgo": projects.CGO_WITH_ZLIB}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one cache for all tests, so that the sysroot is unpacked once."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("kind", ALL)
def test_it_is_found_in_the_sysroot(kind: str, cache: Path, tmp_path: Path) -> None:
    xxpy = Xxpy(
        projects.write(tmp_path, {**ALL[kind], "xxpy.toml": projects.SYSROOT}),
        variables={"XDG_CACHE_HOME": str(cache)},
    )
    done = xxpy("build", "--cgo", "--platform", PLATFORM)
    assert done.returncode == 0, done.stdout + done.stderr
    (program,) = (path for path in (tmp_path / "dist").rglob("hello") if path.is_file())
    needed = xxpy.run("readelf", "-d", str(program)).stdout
    assert "libz.so.1" in needed
    said = xxpy("exec", "--platform", PLATFORM, "--", "sh", "-c", "$PKG_CONFIG --libs zlib").stdout
    assert said.split()[-1] == "-lz", said
    ran = xxpy("run", str(program))
    assert ran.stdout.startswith("zlib 1.2.13"), ran.stderr


CXX = """#include <zlib.h>

#include <iostream>
#include <stdexcept>
int main() { try { throw std::runtime_error("caught "); } catch (const std::exception &error) { std::cout << error.what() << zlibVersion() << std::endl; } }
"""


def test_by_zig_the_libc_is_the_base_s_and_all_else_the_sysroot_s(
    cache: Path, tmp_path: Path
) -> None:
    xxpy = Xxpy(
        projects.write(tmp_path, {"m.cc": CXX, "xxpy.toml": projects.SYSROOT}),
        variables={"XDG_CACHE_HOME": str(cache)},
    )
    done = xxpy("build", "--cc", "zig", "--platform", PLATFORM, "m.cc", "--", "-lz")
    assert done.returncode == 0, done.stdout + done.stderr
    needed = xxpy.run("readelf", "-d", "dist/linux_arm64/m").stdout
    assert {"libz.so.1", "libstdc++.so.6"} <= set(re.findall(r"\[(\S+)\]", needed)), needed
    assert xxpy("run", "dist/linux_arm64/m").stdout.startswith("caught 1.2.13")
    kit = xxpy.kit(PLATFORM, "--cc", "zig")
    libraries = kit / "root/usr/lib/aarch64-linux-gnu"
    assert "bases" in str((libraries / "libc.so.6").resolve())
    assert "sysroots" in str((libraries / "libz.so").resolve())


@pytest.mark.parametrize(
    "kind",
    [
        "cmake",
        "make",
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("meson", "autotools")),
    ],
)
def test_without_it_this_machine_is_not_looked_at(kind: str, cache: Path, tmp_path: Path) -> None:
    native = projects.write(
        tmp_path / "native", {"zlib.pc": "Name: zlib\nDescription: z\nVersion: 1\nLibs: -lz\n"}
    )
    folder = projects.write(tmp_path / "project", projects.WITH_ZLIB[kind])
    xxpy = Xxpy(folder, variables={"XDG_CACHE_HOME": str(cache), "PKG_CONFIG_PATH": str(native)})
    done = xxpy("build", "--platform", PLATFORM)
    assert done.returncode == 1
    lacking = {"cmake": "ZLIB", "autotools": "zlib.h"}.get(kind, "zlib")
    assert f"{PLATFORM} failed: {lacking} is missing\n" in done.stderr
    assert f"  hint: libraries of {PLATFORM} come from a sysroot" in done.stderr


def test_a_machine_without_pkg_config(tmp_path: Path) -> None:
    """A build that asks for a library by pkg-config says that there is none, not only that the library is missing."""
    folder = projects.write(tmp_path / "project", projects.WITH_ZLIB["meson"])
    xxpy = Xxpy(
        folder,
        variables={
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PATH": path_without(tmp_path / "bin", "pkg-config", "pkgconf"),
        },
    )
    done = xxpy("build", "--platform", PLATFORM)
    assert done.returncode == 1
    assert "failed: zlib is missing" in done.stderr
    assert "apt-get install pkg-config" in done.stderr


def test_a_pkg_config_file_that_is_broken(cache: Path, tmp_path: Path) -> None:
    """What pkg-config says of it reaches the user."""
    folder = projects.write(
        tmp_path / "project", {**projects.WITH_ZLIB["make"], "xxpy.toml": projects.SYSROOT}
    )
    xxpy = Xxpy(folder, variables={"XDG_CACHE_HOME": str(cache)})
    assert xxpy("build", "--platform", PLATFORM).returncode == 0
    (description,) = cache.glob(
        "xxpy/sysroots/aarch64-linux-gnu/debian-bookworm.*/root/usr/lib/aarch64-linux-gnu/pkgconfig/zlib.pc"
    )
    whole = description.read_text()
    description.write_text(
        "Name: zlib\nDescription: z\nVersion: 1\nRequires: libnothing\nLibs: -lz\n"
    )
    try:
        done = xxpy("build", "--platform", PLATFORM)
    finally:
        description.write_text(whole)
    assert done.returncode == 1
    assert "failed: libnothing is missing" in done.stderr


def test_a_sysroot_of_another_architecture(tmp_path: Path) -> None:
    """The compiler's own words say that the libraries are of another architecture."""
    foreign = tmp_path / "root/usr/lib/aarch64-linux-gnu"
    foreign.mkdir(parents=True)
    folder = projects.write(tmp_path / "project", {"hello.c": "int main(void) { return 0; }\n"})
    xxpy = Xxpy(folder, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    for name in ("crt1.o", "crti.o", "crtn.o", "libc.so"):
        xxpy.run("sh", "-c", f"echo 'int x;' | cc -x c -c - -o {foreign / name}")
    (tmp_path / "root/usr/include").mkdir()
    imported = xxpy("sysroot", "import", str(tmp_path / "root"), "--platform", PLATFORM)
    refused = (
        xxpy("build", "--platform", PLATFORM, "--cc", "clang", "--sysroot", "root")
        if imported.returncode == 0
        else imported
    )
    assert refused.returncode != 0
    assert "there is no C compiler" in refused.stderr or "architecture" in refused.stderr


def test_one_platform_has_its_own(cache: Path, tmp_path: Path) -> None:
    text = f'[platform."{PLATFORM}"]\n{projects.SYSROOT}'
    xxpy = Xxpy(
        projects.write(tmp_path, {"hello.c": "int main(void) { return 0; }\n", "xxpy.toml": text}),
        variables={"XDG_CACHE_HOME": str(cache)},
    )
    assert (
        xxpy("build", "--platform", PLATFORM).returncode == 0
    )  # it makes the sysroot, which an explanation does not
    done = xxpy("build", "--explain", "--platform", f"{PLATFORM},linux/arm/v7")
    chosen = [line for line in done.stdout.splitlines() if "chosen:" in line]
    assert [str(cache / "xxpy/sysroots") in line for line in chosen] == [True, False], (
        done.stdout + done.stderr
    )


def test_what_is_in_the_cache_changes_no_build(tmp_path: Path) -> None:
    """A sysroot counts when the project or the command names it, for each command that makes a kit."""
    folder = projects.write(tmp_path / "project", {"hello.c": "int main(void) { return 0; }\n"})
    xxpy = Xxpy(folder, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    cross_packages(tmp_path / "device")

    def answers(*words: str) -> list[str]:
        plan = xxpy("build", "--dry-run", "--platform", PLATFORM, *words)
        assert plan.returncode == 0, plan.stderr
        kit = xxpy("kit", "path", "--platform", PLATFORM, *words).stdout
        return [
            plan.stdout,
            kit,
            xxpy("env", "--platform", PLATFORM, *words, "--format", "json").stdout,
        ]

    before = answers()
    assert (
        xxpy("sysroot", "import", "--platform", PLATFORM, str(tmp_path / "device")).returncode == 0
    )
    assert answers() == before
    named = answers("--sysroot", "device")
    assert named != before
    assert answers("--sysroot", str(tmp_path / "device")) == named
    (folder / "xxpy.toml").write_text('sysroot = { name = "device" }\n')
    assert answers() == named
    assert answers("--no-sysroot") == before
    (folder / "xxpy.toml").write_text('sysroot = { name = "../device" }\n')
    assert answers() == named
    assert xxpy("sysroot", "remove", "--platform", PLATFORM, "device").returncode == 0
    missing = xxpy("build", "--platform", PLATFORM, "--sysroot", "debian:bookworm")
    assert (missing.returncode, missing.stderr.splitlines()) == (2, [
        f"error: {PLATFORM} has no sysroot debian:bookworm",
        f"hint: xxpy sysroot add --platform {PLATFORM} --distribution debian:bookworm makes it",
    ])  # fmt: skip
    other = xxpy(
        "build", "--dry-run", "--platform", "linux/riscv64", "--sysroot", str(tmp_path / "device")
    )
    assert (other.returncode, other.stderr.splitlines()[0]) == (
        6,
        f"error: {tmp_path / 'device'} is not a sysroot for linux/riscv64",
    )
    for platform in ("windows/amd64", "wasi/wasm"):
        assert (
            xxpy("kit", "path", "--platform", platform, "--sysroot", "debian:bookworm").returncode
            == 0
        )


def cross_packages(folder: Path) -> None:
    """Make a folder that is a sysroot for linux/arm64, of this machine's cross packages."""
    (folder / "usr/lib").mkdir(parents=True)
    (folder / "usr/include").symlink_to("/usr/aarch64-linux-gnu/include")
    for name in (
        "crt1.o",
        "crti.o",
        "crtn.o",
        "libc.so.6",
        "libc_nonshared.a",
        "ld-linux-aarch64.so.1",
    ):
        (folder / "usr/lib" / name).symlink_to(f"/usr/aarch64-linux-gnu/lib/{name}")
    (folder / "usr/lib/libc.so").symlink_to("libc.so.6")
