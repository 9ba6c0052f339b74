"""Cargo projects that are really built, by Debian's Rust, whose standard library for other machines is a package."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import pages
from tests.container.lab import rust
from tests.program import Program

ROOT = str(Path(__file__).resolve().parents[2])
DEBIAN = "/usr/bin:/bin:/usr/sbin:/sbin"
"""A PATH without rustup."""


@dataclass
class Xxpy(Program):
    """The program with Debian's Rust and a cache that all tests of a session share."""

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in super().environment.items()
            if not name.startswith(("CARGO", "RUST"))
        }
        return {**kept, "PATH": DEBIAN, **self.variables}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the cache of the session: standard libraries are unpacked once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def rustup(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a user with rustup, in a folder of its own to which xxpy adds targets, and with ``xxpy`` as a command."""
    folder = tmp_path_factory.mktemp("rustup")
    pages.command(folder / "bin")
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("CARGO", "RUST"))
    }
    return {
        **kept,
        "PATH": f"{folder}/bin:{rust.programs()}:{DEBIAN}",
        "RUSTUP_HOME": str(rust.home("with-targets")),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PYTHONPATH": ROOT,
    }


FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["app", "tool", "shapes"]\n\n[profile.release]\nstrip = true\n',
    "app/Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nshapes = { path = "../shapes" }\n',
    "app/src/main.rs": 'fn main() {\n    println!("{} {}", shapes::area(6, 7), env!("BUILT_ON"));\n}\n',
    "app/build.rs": 'fn main() {\n    println!("cargo:rustc-env=BUILT_ON={}", std::env::consts::ARCH);\n}\n',
    "tool/Cargo.toml": '[package]\nname = "tool"\nversion = "0.1.0"\nedition = "2021"\n\n[features]\nloud = []\n',
    "tool/src/main.rs": 'fn main() {\n    println!("{}", if cfg!(feature = "loud") { "LOUD" } else { "quiet" });\n}\n',
    "shapes/Cargo.toml": '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["lib", "cdylib", "staticlib"]\n',
    "shapes/src/lib.rs": '#[no_mangle]\npub extern "C" fn area(a: u32, b: u32) -> u32 {\n    assert!(a < 1000, "{}", file!());\n    a * b\n}\n',
}  # fmt: skip


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace with two programs, and a library for Rust and C."""
    return write(tmp_path / "shop", FILES)


@pytest.fixture
def xxpy(workspace: Path, cache: Path) -> Xxpy:
    return Xxpy(workspace, cache)
