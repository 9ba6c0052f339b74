"""Other people's crates, built for foreign platforms as docs/recipes/rust.md says, and run under QEMU."""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests import pages
from tests.container.lab import rust
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/recipes/rust.md"
SECTION: Final = re.compile(r"^## (.*?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FILES: Final = {"toml": "Cargo.toml", "rust": "src/main.rs"}
"""Where the text of a block goes."""

PLATFORMS: Final = re.compile(r"^.*xxpy build .*--platform (\S+)", re.MULTILINE)
PAGE_SECTIONS: Final = dict(SECTION.findall(PAGE.read_text("utf-8")))
TABLE: Final = resources.table()
ROOTS: Final = {
    "linux/arm64": "aarch64:arm64",
    "linux/arm/v7": "arm:armhf",
    "linux/riscv64": "riscv64:riscv64",
    "linux/s390x": "s390x:s390x",
}
"""The platforms that run here: QEMU's name of each, and Debian's."""

CHEAP: Final = {
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CARGO_PROFILE_RELEASE_DEBUG": "false",
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
}
"""What makes compiling quick; that a target can be compiled and linked for does not depend on it."""


@dataclass(frozen=True)
class Recipe:
    """A section of the page.

    :param crates: the sources, by name and version as their files are called, with the SHA-256 of each
    :param programs: what is built, each with the test of what it says
    """

    crates: dict[str, str]
    programs: dict[str, Callable[[Run], None]]


@dataclass(frozen=True)
class Run:
    """A program of one platform, under QEMU."""

    command: tuple[str, ...]

    def __call__(self, *arguments: str, data: bytes = b"") -> bytes:
        return subprocess.run(
            [*self.command, *arguments], input=data, capture_output=True, check=True
        ).stdout


def searches(run: Run) -> None:
    assert run("--count", "^## ", "-", data=PAGE.read_bytes()) == f"{len(RECIPES)}\n".encode()


def digests(run: Run) -> None:
    assert run(data=b"data") == f"SHA256:{hashlib.sha256(b'data').hexdigest()}\n".encode()


def packs(run: Run) -> None:
    data = PAGE.read_bytes() * 100
    packed = run(data=data)
    assert gzip.decompress(packed) == data
    assert len(packed) < len(data) / 10


def answers(run: Run) -> None:
    assert re.fullmatch(rb"SQLite 3\.\d+\.\d+ says 42\n", run())


def hardens(run: Run) -> None:
    assert run("--transform", "/dev/stdin", data=b"echo $a\n") == b'echo "$a"\n'


def measures(run: Run) -> None:
    assert int(run("--apparent-size", str(PAGE))) == PAGE.stat().st_size


RECIPES: Final = {
    "ripgrep 14.1.1": Recipe(
        {"ripgrep-14.1.1": "f77b8032dc584527975f34aa5a897d0ef5a785573fda778771a614ff9da501d9"},
        {"rg": searches},
    ),
    "ring 0.17.14": Recipe({}, {"digest": digests}),
    "zlib-ng, by libz-ng-sys 1.1.22": Recipe({}, {"pack": packs}),
    "SQLite with bindgen, by rusqlite 0.32.1": Recipe({}, {"database": answers}),
    "A workspace: shellharden 4.3.1 and diskus 0.7.0": Recipe(
        {
            "shellharden-4.3.1": "53ecb604d876456ff05cb58bc0e60925b2f851b9ae807011459568d380cc8271",
            "diskus-0.7.0": "53d9d378e8d78b3d5a8c45dfe9757d7dd8efeae9c1662526c543d0d406a7b67c",
        },
        {"shellharden": hardens, "diskus": measures},
    ),
}
"""Each section of the page."""


@pytest.fixture(scope="session")
def environment(rustup: dict[str, str]) -> dict[str, str]:
    """Rust of rustup, which compiles quickly."""
    return {**rustup, **CHEAP}


def fetch(crate: str, sum_: str, folder: Path, environment: dict[str, str]) -> None:
    """Unpack the source of a crate, which cargo gets from wherever it is configured to."""
    name, _, version = crate.rpartition("-")
    asks = folder / "asks"
    (asks / "src").mkdir(parents=True)
    (asks / "src/lib.rs").touch()
    (asks / "Cargo.toml").write_text(
        f'[package]\nname = "asks"\nedition = "2021"\n[dependencies]\n{name} = "={version}"\n'
    )
    home = {**environment, "CARGO_HOME": str(folder / "home")}
    subprocess.run(["cargo", "fetch"], cwd=asks, env=home, check=True, capture_output=True)
    (archive,) = (folder / "home/registry/cache").glob(f"*/{crate}.crate")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == sum_
    subprocess.run(["tar", "xf", archive], cwd=folder, check=True)


def test_the_page_has_every_recipe() -> None:
    assert list(PAGE_SECTIONS) == list(RECIPES)


@pytest.mark.slow
@pytest.mark.parametrize("title", RECIPES)
def test_as_the_page_says(title: str, tmp_path: Path, environment: dict[str, str]) -> None:
    recipe = RECIPES[title]
    for crate, sum_ in recipe.crates.items():
        fetch(crate, sum_, tmp_path / f"{crate}.source", environment)
        (tmp_path / f"{crate}.source" / crate).rename(tmp_path / crate)
    blocks = pages.BLOCK.findall(PAGE_SECTIONS[title])
    folder = (
        tmp_path
        if len(recipe.crates) != 1 or "toml" in dict(blocks)
        else tmp_path / next(iter(recipe.crates))
    )
    for language, text in blocks:
        if language in FILES:
            path = folder / FILES[language]
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        else:
            done = subprocess.run(
                ["sh", "-e", "-c", text],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
    (platforms,) = PLATFORMS.findall(PAGE_SECTIONS[title])
    for program, check in recipe.programs.items():
        for platform in platforms.split(","):
            row = TABLE.row(parse(platform, TABLE.words))
            path = folder / "dist" / row.platform.folder / f"{program}{row.file.program_suffix}"
            assert path.is_file()
            if platform in ROOTS:
                machine, architecture = ROOTS[platform].split(":")
                check(
                    Run((f"qemu-{machine}-static", "-L", str(rust.root(architecture)), str(path)))
                )
