"""Real packages: what a compiler links against them, how they are locked, checked, moved and removed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sysroot import programs
from xxpy.machine.files import digest

if TYPE_CHECKING:
    from tests.sysroot.conftest import Xxpy

ON = ("--platform", "linux/arm64")
NAME = "debian-bookworm"


def root(xxpy: Xxpy) -> Path:
    return Path(xxpy.shown(*ON)["path"])


@pytest.mark.parametrize("language", programs.LANGUAGES)
def test_a_program_with_libraries_is_linked_against_them_and_runs(
    bookworm: Xxpy, tmp_path: Path, language: str
) -> None:
    program = programs.compiled(language, "aarch64-linux-gnu", root(bookworm), tmp_path)
    assert programs.needed(program) >= programs.LIBRARIES
    assert programs.needed(program) <= programs.LIBRARIES | programs.SYSTEM
    assert programs.output(program, "aarch64", root(bookworm)).startswith(
        "zlib 1.2.13, OpenSSL 3.0."
    )


def test_no_link_is_absolute_and_none_leads_out(bookworm: Xxpy) -> None:
    base = root(bookworm)
    links = [path for path in base.rglob("*") if path.is_symlink()]
    assert len(links) > 20
    assert [path for path in links if path.readlink().is_absolute()] == []
    assert [path for path in links if not path.resolve().is_relative_to(base.resolve())] == []
    libraries = [path for path in links if path.name.endswith(".so")]
    assert [path for path in libraries if not path.exists()] == []
    assert str((base / "lib").readlink()) == "usr/lib"


def test_what_no_compiler_reads_is_not_there(bookworm: Xxpy) -> None:
    base = root(bookworm)
    assert sorted(path.name for path in base.iterdir()) == ["bin", "lib", "usr"]
    assert not (base / "usr/share/doc").exists()
    assert [
        path for path in base.rglob("*") if path.stat(follow_symlinks=False).st_mode & 0o7000
    ] == []


def test_a_sysroot_is_shown_listed_and_verified(bookworm: Xxpy) -> None:
    shown = bookworm.shown(*ON, "debian:bookworm")
    assert (shown["distribution"], shown["debian_triple"], shown["glibc"], shown["libc"]) == (
        "debian:bookworm",
        "aarch64-linux-gnu",
        "2.36",
        "gnu",
    )
    assert shown["requested"] == ["libsqlite3-dev", "libssl-dev", "zlib1g-dev"]
    versions = {package["name"]: package["version"] for package in shown["packages"]}
    assert versions["libc6"].startswith(shown["glibc"])
    assert bookworm.good("sysroot", "list").split() == [
        "linux/arm64",
        NAME,
        "glibc",
        "2.36",
        *shown["requested"],
    ]
    assert "run on glibc 2.36 and later" in bookworm.good("sysroot", "verify", *ON)


def test_the_lock_file_gives_the_same_sysroot_again_without_a_network(
    bookworm: Xxpy, tmp_path: Path
) -> None:
    other = type(bookworm)(tmp_path, variables={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    (other.cache / "xxpy").mkdir(parents=True)
    (other.cache / "xxpy/packages").symlink_to(bookworm.cache / "xxpy/packages")
    shutil.copy(bookworm.folder / "xxpy.lock", tmp_path)
    other.good(
        "sysroot",
        "add",
        *ON,
        "--distribution",
        "debian:bookworm",
        "--mirror",
        "http://127.0.0.1:9/debian",
        "--locked",
    )
    assert other.trees() == bookworm.trees()
    first, second = (
        next((made.cache / "xxpy/sysroots/trees").glob("*/files.json")).read_text()
        for made in (bookworm, other)
    )
    assert first == second
    assert (tmp_path / "xxpy.lock").read_bytes() == (bookworm.folder / "xxpy.lock").read_bytes()


def test_without_apt_the_same_packages_are_found(
    bookworm: Xxpy, main: tuple[str, ...], tmp_path: Path
) -> None:
    other = type(bookworm)(tmp_path, apt=False)
    (other.cache / "xxpy").mkdir(parents=True)
    (other.cache / "xxpy/packages").symlink_to(bookworm.cache / "xxpy/packages")
    other.good("sysroot", "add", *ON, *main, *bookworm.shown(*ON)["requested"])
    assert json.loads((tmp_path / "xxpy.lock").read_text()) == json.loads(
        (bookworm.folder / "xxpy.lock").read_text()
    )
    assert other.trees() == bookworm.trees()


@pytest.mark.parametrize("apt", [True, False], ids=["apt", "lists"])
def test_a_package_of_other_machines_is_said_to_be_one(
    bookworm: Xxpy, main: tuple[str, ...], tmp_path: Path, apt: bool
) -> None:
    done = type(bookworm)(tmp_path, apt=apt)(
        "sysroot", "add", "--platform", "linux/s390x", *main, "cpuid"
    )
    assert done.returncode == 14
    assert "debian:bookworm has cpuid for amd64, but not for s390x" in done.stderr
    assert "hint: install programs that r" in done.stderr


@pytest.fixture(scope="module")
def exported(bookworm: Xxpy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of the sysroot."""
    path = tmp_path_factory.mktemp("exported") / "sysroot.tar"
    bookworm.good("sysroot", "export", *ON, NAME, str(path))
    return path


def test_an_archive_of_a_sysroot_is_the_same_sysroot_elsewhere(
    bookworm: Xxpy, exported: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.tar"
    bookworm.good("sysroot", "export", *ON, NAME, str(again))
    assert digest(exported) == digest(again)
    other = type(bookworm)(tmp_path)
    other.good("sysroot", "import", *ON, str(exported))
    own, theirs = other.shown(*ON), bookworm.shown(*ON)
    assert {**own, "path": ""} == {**theirs, "path": ""}
    other.good("sysroot", "verify", *ON)
    wrong = other("sysroot", "import", "--platform", "linux/s390x", str(exported))
    assert (wrong.returncode, "not for linux/s390x" in wrong.stderr) == (6, True)


@pytest.mark.parametrize(
    "below", ["", "host/aarch64-buildroot-linux-gnu/sysroot", "sysroots/cortexa57-poky-linux"]
)
def test_a_folder_of_somebody_else_is_taken_as_it_is(
    bookworm: Xxpy, tmp_path: Path, below: str
) -> None:
    sdk = tmp_path / "sdk"
    place = sdk / below
    (sdk / "sysroots/x86_64-pokysdk-linux/usr/include").mkdir(parents=True)
    shutil.copytree(root(bookworm), place, symlinks=True, dirs_exist_ok=True, copy_function=os.link)
    other = type(bookworm)(tmp_path)
    assert other.good("sysroot", "import", *ON, str(sdk)) == str(place)
    assert other.shown(*ON)["debian_triple"] == "aarch64-linux-gnu"
    assert other.shown(*ON)["libc"] == "gnu"
    other.good("sysroot", "verify", *ON, "sdk")
    program = programs.compiled("c", "aarch64-linux-gnu", place, tmp_path)
    assert programs.needed(program) >= programs.LIBRARIES
    wrong = other("sysroot", "import", "--platform", "linux/arm/v7", str(sdk))
    assert wrong.returncode == 6
    other.good("sysroot", "remove", *ON, "sdk")
    assert (place / "usr/include/zlib.h").is_file()


def test_an_sdk_of_apple_is_taken_as_it_is(xxpy: Xxpy, tmp_path: Path) -> None:
    sdk = tmp_path / "MacOSX11.1.sdk"
    (sdk / "usr/lib").mkdir(parents=True)
    (sdk / "usr/lib/libSystem.tbd").write_text("--- !tapi-tbd\n")
    assert xxpy.good("sysroot", "import", "--platform", "darwin/arm64", str(sdk)) == str(sdk)
    assert xxpy.good("sysroot", "list").split()[:2] == ["darwin/arm64", "MacOSX11-1-sdk"]
    nothing = xxpy("sysroot", "import", "--platform", "darwin/arm64", str(tmp_path / "cache"))
    assert (nothing.returncode, "no sysroot in" in nothing.stderr) == (2, True)


def test_what_was_changed_is_found_and_what_is_removed_is_gone(xxpy: Xxpy, exported: Path) -> None:
    base = Path(xxpy.good("sysroot", "import", *ON, str(exported)))
    (base / "usr/include/zlib.h").write_text("changed")
    (base / "usr/include/sqlite3.h").unlink()
    (base / "usr/include/own.h").write_text("added")
    (base / "usr/lib/aarch64-linux-gnu/way-out").symlink_to("/etc/passwd")
    verdict = xxpy("sysroot", "verify", *ON)
    assert verdict.returncode == 6
    for fault in (
        "zlib.h was changed",
        "sqlite3.h is missing",
        "own.h was added",
        "way-out is a link out of the sysroot",
    ):
        assert fault in verdict.stdout
    xxpy.good("sysroot", "remove", *ON, "debian:bookworm")
    assert xxpy.trees() == []
    missing = xxpy("sysroot", "show", *ON)
    assert (missing.returncode, "xxpy sysroot add --platform linux/arm64" in missing.stderr) == (
        2,
        True,
    )


def test_no_right_of_root_is_needed(bookworm: Xxpy, main: tuple[str, ...], tmp_path: Path) -> None:
    plain = type(bookworm)(tmp_path, wrapper=("unshare", "--user"))
    tmp_path.chmod(0o777)
    plain.good("sysroot", "add", *ON, *main)
    assert plain.shown(*ON)["glibc"] == "2.36"
