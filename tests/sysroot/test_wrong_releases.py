"""Sysroots that cannot be for what is built: the first run says what is wrong and what helps, and suggests nothing that fails."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kit.conftest import Xxpy
from tests.rust.conftest import DEBIAN
from xxpy.machine import resources
from xxpy.sysroot import release
from xxpy.table import availability

if TYPE_CHECKING:
    from xxpy.table.columns import Row

TABLE = resources.table()
CARGO = '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n'
BOOKWORM = '[sysroot]\ndistribution = "debian:bookworm"\n'


@pytest.fixture
def xxpy(tmp_path: Path) -> Xxpy:
    (tmp_path / "rust/src").mkdir(parents=True)
    (tmp_path / "rust/Cargo.toml").write_text(CARGO)
    (tmp_path / "rust/src/main.rs").write_text('fn main() { println!("hello"); }\n')
    (tmp_path / "c").mkdir()
    (tmp_path / "c/hello.c").write_text("int main(void) { return 0; }\n")
    for folder in ("rust", "c"):
        (tmp_path / folder / "xxpy.toml").write_text(BOOKWORM)
    return Xxpy(tmp_path)


def managed() -> dict[str, str]:
    """Return the variables of a user with rustup, which can reach nothing."""
    rustup = shutil.which("rustup")
    assert rustup is not None, "rustup is not installed"
    return {
        "PATH": f"{Path(rustup).parent}:{DEBIAN}",
        "RUSTUP_DIST_SERVER": "http://127.0.0.1:9",
        "RUSTUP_AUTO_INSTALL": "0",
    }


@pytest.mark.parametrize("folder", ["c", "rust"])
def test_a_release_without_the_platform(folder: str, xxpy: Xxpy) -> None:
    variables = managed()
    for _ in range(2):
        done = xxpy("build", folder, "-p", "linux/riscv64", **variables)
        assert (done.returncode, done.stderr.splitlines()) == (3, [
            "error: Debian 12 (bookworm) has no packages for linux/riscv64",
            "hint: Debian 13 has them:",
            'hint:   in xxpy.toml: platform."linux/riscv64".sysroot = { distribution = "debian:trixie" }',
            "hint:   with xxpy sysroot add: --distribution debian:trixie",
        ])  # fmt: skip
    named = xxpy(
        "build", folder, "-p", "linux/riscv64", "--sysroot", "debian:bookworm", **variables
    )
    assert (named.returncode, named.stderr) == (done.returncode, done.stderr)


@pytest.mark.parametrize("folder", ["c", "rust"])
def test_a_sysroot_of_another_libc(folder: str, xxpy: Xxpy) -> None:
    for platform in ("linux/arm64", "linux/riscv64"):
        done = xxpy("build", folder, "-p", platform, "--libc", "musl", **managed())
        assert (done.returncode, done.stderr.splitlines()) == (2, [
            f"error: the sysroot debian:bookworm has the libc gnu, but {platform} is built for musl",
            "hint: --no-sysroot   or   a folder with musl: --sysroot DIR",
        ])  # fmt: skip


def test_what_one_platform_wants_is_no_reason_for_another(xxpy: Xxpy) -> None:
    (xxpy.folder / "c/xxpy.toml").write_text(
        f'platform."linux/arm64".sysroot = {{ distribution = "debian:trixie" }}\n{BOOKWORM}'
    )
    done = xxpy("build", "c", "-p", "linux/riscv64,linux/arm64", "--dry-run")
    assert "linux/riscv64: Debian 12 (bookworm) has no packages for linux/riscv64" in done.stderr
    assert "has no packages for linux/arm64" not in done.stderr


@pytest.mark.parametrize(
    ("folder", "compiler"),
    [("c", "auto"), ("c", "clang"), ("c", "gcc"), ("c", "zig"), ("rust", "auto")],
)
def test_a_floor_that_is_older_than_the_sysroot(folder: str, compiler: str, xxpy: Xxpy) -> None:
    root = xxpy.folder / "root"
    for name in ("usr/include", "usr/lib/x86_64-linux-gnu"):
        (root / name).mkdir(parents=True)
    (root / "usr/include/stdio.h").write_text("int puts(const char *);\n")
    for name in ("crt1.o", "crti.o", "crtn.o", "libc.so", "libc.so.6"):
        shutil.copy(
            Path("/usr/lib/x86_64-linux-gnu", name), root / "usr/lib/x86_64-linux-gnu" / name
        )
    (xxpy.folder / folder / "xxpy.toml").unlink()
    words = ("-p", "linux/amd64", "--sysroot", str(root), "--cc", compiler)
    done = xxpy("build", folder, *words, "--libc", "gnu.2.17")
    assert (
        done.returncode,
        done.stderr.startswith("error: the sysroot for linux/amd64 has glibc 2."),
    ) == (5, True), done.stderr
    assert "but programs must run on glibc 2.17" in done.stderr
    assert not (xxpy.folder / folder / "dist").exists()


@pytest.mark.parametrize(
    "row", [row for row in TABLE.rows.values() if row.packaged], ids=lambda row: str(row.platform)
)
@pytest.mark.parametrize(
    "own", [("debian", "12"), ("debian", "13"), ("ubuntu", "22.04"), ("fedora", "42")], ids="-".join
)
def test_no_hint_names_a_release_that_is_refused(row: Row, own: tuple[str, str]) -> None:
    found = availability.best(row, "gnu", TABLE, own)
    if found is None:
        assert list(availability.releases(row, TABLE)) == []
        return
    name, add = found
    assert release.source(name, row, TABLE, mirror="http://nowhere").name == name
    assert (
        add.endswith(f" --distribution {name}")
        or release.source(":".join(own), row, TABLE, mirror="http://nowhere").name == name
    )
    assert availability.best(row, "musl", TABLE, own) is None
