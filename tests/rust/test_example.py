"""examples/rust and docs/rust.md: what they say, done as it is written."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import pages
from tests.rust.conftest import DEBIAN, write

if TYPE_CHECKING:
    from tests.rust.conftest import Xxpy

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/rust"
PAGE = ROOT / "docs/rust.md"
IGNORED = shutil.ignore_patterns("target", "bin", "dist", "xx")


def sh(text: str, folder: Path, environment: dict[str, str], data: str = "") -> str:
    done = subprocess.run(
        ["sh", "-e", "-c", text],
        cwd=folder,
        env=environment,
        input=data,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_example_as_the_pages_say(tmp_path: Path, rustup: dict[str, str]) -> None:
    """With rustup, which gets the target: cargo of Debian 12 reads the index of crates by git alone."""
    readme = (EXAMPLE / "README.md").read_text()
    folder = shutil.copytree(EXAMPLE, tmp_path / "examples/rust", ignore=IGNORED)
    sh(pages.texts(readme, "sh")[0], folder, rustup)
    (log,) = Path(rustup["XDG_CACHE_HOME"]).glob("xxpy/logs/*/linux_arm64.log")
    assert "test tests::what_is_squeezed_comes_back ... ok" in log.read_text()
    assert sh("xxpy run bin/linux_arm64/squeeze", folder, rustup, "y\n" * 5000) in readme
    sh(pages.texts(PAGE.read_text(), "sh")[0], tmp_path, rustup)
    assert all((folder / f"dist/linux_{name}/squeeze").is_file() for name in ("amd64", "arm64"))


PROJECT = {
    "Cargo.toml": (
        '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n\n[features]\ntls = []\n\n'
        '[lib]\ncrate-type = ["lib", "cdylib"]\n\n[profile.small]\ninherits = "release"\nopt-level = "z"\n'
    ),
    "src/main.rs": 'fn main() {\n    println!("{}", cfg!(feature = "tls"));\n}\n',
    "src/lib.rs": '#[no_mangle]\npub extern "C" fn answer() -> u32 {\n    42\n}\n',
}


def test_the_commands_of_the_page(xxpy: Xxpy, tmp_path: Path) -> None:
    folder = write(tmp_path / "hello", PROJECT)
    pages.command(tmp_path / "commands")
    environment = {
        "PATH": f"{tmp_path}/commands:{DEBIAN}",
        "XDG_CACHE_HOME": str(xxpy.cache),
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
    }
    with_features, with_library, explained = pages.texts(PAGE.read_text(), "sh")[1].splitlines()
    sh(with_features, folder, environment)
    qemu = (
        "qemu-aarch64-static",
        "-L",
        next(xxpy.cache.glob("xxpy/sysroots/aarch64-linux-gnu/*/root")),
        folder / "dist/linux_arm64/hello",
    )
    assert subprocess.run(qemu, capture_output=True, text=True, check=True).stdout == "true\n"
    sh(with_library, folder, environment)
    assert (folder / "dist/linux_arm64/libhello.so").is_file()
    assert "standard library from libstd-rust-dev:arm64" in sh(explained, folder, environment)
