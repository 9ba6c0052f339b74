"""examples/rust: a program with a C library, built and tested for another machine, and run under QEMU as its page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rust.conftest import Xxpy

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/rust"


@pytest.mark.slow
def test_the_example_as_its_page_says(tmp_path: Path, cache: Path) -> None:
    """With the Rust that PATH has first, which gets the target if it is rustup's: cargo of Debian 12 reads the index of crates by git alone."""
    page = (EXAMPLE / "README.md").read_text()
    folder = shutil.copytree(EXAMPLE, tmp_path / "squeeze", ignore=shutil.ignore_patterns("target", "bin"))
    search = f"{Path(shutil.which('cargo') or '/usr/bin/cargo').parent}:/usr/bin:/bin"
    home = {name: value for name, value in os.environ.items() if name == "RUSTUP_HOME"}
    command = re.search(r"^xxpy (build .*)$", page, re.MULTILINE)
    assert command is not None
    done = Xxpy(folder, cache)(*command.group(1).split(), PATH=search, **home)
    assert done.returncode == 0, done.stderr
    assert "test tests::what_is_squeezed_comes_back ... ok" in Xxpy(folder, cache).log("linux/arm64")
    program = [sys.executable, "-m", "xxpy", "run", str(folder / "bin/linux_arm64/squeeze")]
    said = subprocess.run(program, input="y\n" * 5000, capture_output=True, text=True, check=True, cwd=EXAMPLE.parents[1]).stdout
    assert said in page
