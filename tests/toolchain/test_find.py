"""Which zig is taken: the one on PATH, unless its parts are laid out otherwise."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from xxpy.compiler import zig

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def old_zig(folder: Path) -> Path:
    """Return a folder with a zig that says it is an old one."""
    folder.mkdir()
    program = folder / "zig"
    program.write_text("#!/bin/sh\necho 0.13.0\n")
    program.chmod(0o755)
    return folder


def test_the_extra_asks_for_the_oldest_that_is_taken() -> None:
    (wanted,) = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["optional-dependencies"]["zig"]
    assert str(zig.OLDEST) in str(Requirement(wanted).specifier)


def test_an_old_zig_on_path_is_passed_over(xxpy: Xxpy) -> None:
    path = f"{old_zig(xxpy.folder / 'old')}:{xxpy.environment['PATH']}"
    done = xxpy("kit", "show", "--platform", "linux/arm64", "--cc", "zig", PATH=path)
    assert done.returncode == 0, done.stderr
    assert "from xxpy[zig]" in done.stdout
