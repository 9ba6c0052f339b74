"""What cross-compiling Rust in a Dockerfile saves: a program, built by both example Dockerfiles.

It is a small program without crates, built for one foreign platform in one run, because the
example's crates take most of an hour under QEMU. What comes before the source is taken from
BuildKit's cache if possible. The steps that compile are compared; the cross-compiling one also
fetches the target's standard library.
"""

from __future__ import annotations

import re
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.emulation import MACHINES
from bench.measure import Result
from tests.container.lab import daemon, emulation, images, rust
from tests.container.lab.commands import run

if TYPE_CHECKING:
    from tests.container.lab.daemon import Docker

EXAMPLE: Final = Path(__file__).resolve().parents[1] / "examples/rust"
STEP: Final = re.compile(r"^#(\d+) \[.* RUN (?:xx-)?cargo build ", re.MULTILINE)
"""The line of BuildKit's log that begins the step that compiles."""
PACKAGE: Final = '[package]\nname = "squeeze"\nversion = "0.1.0"\nedition = "2021"\n'
LOCK: Final = 'version = 3\n\n[[package]]\nname = "squeeze"\nversion = "0.1.0"\n'
PROGRAM: Final = """fn main() {{
    let mut words: Vec<String> = std::env::args().collect();
    words.sort();
    println!("{{words:?}} {}");
}}
"""


def _measure(docker: Docker, way: str, image: str, source: Path, wrappers: Path) -> float:
    """Return the seconds of the step that compiles."""
    runtime = rust.libc(docker, (images.foreign(),))
    given = ("--build-arg", f"RUST_IMAGE={image}", "--build-arg", f"RUNTIME_IMAGE={runtime}")
    options = (
        "--file",
        source / way,
        "--platform",
        f"linux/{images.foreign()}",
        *given,
        "--output",
        "type=cacheonly",
    )
    log = docker.build(source, *options, contexts={"xx": wrappers})
    return float(re.findall(rf"^#{STEP.findall(log)[0]} DONE ([0-9.]+)s", log, re.MULTILINE)[0])


def _source(folder: Path) -> Path:
    """Make a program that no cache has seen, with the example's Dockerfiles."""
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(PACKAGE)
    (folder / "Cargo.lock").write_text(LOCK)
    (folder / "src/main.rs").write_text(PROGRAM.format(secrets.token_hex()))
    for recipe in EXAMPLE.glob("Dockerfile*"):
        shutil.copy(recipe, folder)
    return folder


def results() -> list[Result]:
    """Build both ways and compare."""
    with (
        daemon.running() as docker,
        emulation.registered((MACHINES[images.foreign()],)),
        tempfile.TemporaryDirectory() as scratch,
    ):
        wrappers = Path(scratch) / "xx"
        run(sys.executable, "-m", "xxpy", "wrappers", "export", wrappers)
        source = _source(Path(scratch) / "source")
        cross = _measure(docker, "Dockerfile", rust.image(docker), source, wrappers)
        emulated = _measure(
            docker, "Dockerfile.emulated", rust.foreign_image(docker), source, wrappers
        )
    return [
        Result("Rust in Dockerfile: the step that compiles and adds the target", cross, None, "s"),
        Result("Dockerfile.emulated, against that", emulated / cross, None, "×"),
    ]
