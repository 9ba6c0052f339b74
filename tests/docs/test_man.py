"""The pages of man are sound, and there is one for each command."""

from __future__ import annotations

import subprocess
from pathlib import Path

from xxpy.cli.group import COMMANDS

MAN = Path(__file__).resolve().parents[2] / "docs/man"


def test_mandoc_has_nothing_to_warn_of() -> None:
    pages = sorted(MAN.iterdir())
    assert {page.name for page in pages} == {"xxpy.1", *(f"xxpy-{name}.1" for name in COMMANDS)}
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    # The same text whenever it is made: there is no date.
    found = [line for line in done.stdout.splitlines() if "missing date" not in line]
    assert found == []


def test_a_page_says_what_the_help_says() -> None:
    done = subprocess.run(
        ["mandoc", "-T", "utf8", "-O", "width=500", MAN / "xxpy-sysroot.1"], capture_output=True, text=True, check=True
    )  # fmt: skip
    bold = "".join(
        char for place, char in enumerate(done.stdout) if char != "\b" and done.stdout[place + 1 : place + 2] != "\b"
    )  # fmt: skip
    for text in (
        "XXPY_SYSROOT_ADD_LOCK",
        "xxpy sysroot add --platform linux/arm64 --locked",
        "-p, --platform P",
    ):
        assert text in bold
