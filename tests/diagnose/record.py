"""``python -m tests.diagnose.record [FILE…]``: run the recipes at the heads of logs once more.

A log begins with its recipe: the lines after ``#$ `` are a script of sh, which runs in an empty
folder. What it prints is the rest of the log, shortened, and without the paths of this machine. A
new log begins as a file that has only a recipe. Those of successful builds are ``success.*.log``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

LOGS: Final = Path(__file__).parent / "logs"
RECIPE: Final = "#$ "
FIRST: Final = 40
LAST: Final = 60
SECONDS: Final = 60


def recipe(text: str) -> str:
    """Return the script at the head of a log."""
    return "".join(
        f"{line.removeprefix(RECIPE)}\n" for line in text.splitlines() if line.startswith(RECIPE)
    )


def body(text: str) -> str:
    """Return a log without its recipe."""
    return text.split("\n\n", 1)[1] if "\n\n" in text else ""


def record(path: Path) -> None:
    """Run the recipe of a log and rewrite it."""
    script = recipe(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="xxpy-log-") as folder:
        done = subprocess.run(
            ["/bin/sh", "-c", f"exec 2>&1\n{script}"],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C.UTF-8", "CARGO_TARGET_DIR": f"{folder}/target"},
            stdout=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
        said = _shortened(_neutral(done.stdout.decode("utf-8", "replace"), folder))
    if (done.returncode == 0) != path.name.startswith("success"):
        sys.stderr.write(f"{path.name}: exit status {done.returncode}\n")
    head = "".join(f"{RECIPE}{line}\n" for line in script.splitlines())
    path.write_text(f"{head}\n{said}", encoding="utf-8")


def _neutral(said: str, folder: str) -> str:
    """Replace this machine's paths."""
    prefix = Path(sys.prefix).resolve()
    for place, name in (
        (folder, "/src"),
        (str(Path(folder).resolve()), "/src"),
        (str(prefix), "/opt/venv"),
        (os.environ.get("CARGO_HOME", str(Path.home() / ".cargo")), "/home/user/.cargo"),
        (str(Path.home()), "/home/user"),
    ):
        said = said.replace(place, name)
    said = re.sub(r"/\S+/site-packages/", "/opt/venv/lib/python3/site-packages/", said)
    said = re.sub(
        r"https?://(?!doc\.|github|crates\.io|cmake|go\.dev)[^/\s]+", "https://host", said
    )
    return re.sub(rf"({tempfile.gettempdir()}/)(?=[^\s/]*[0-9A-Z])[A-Za-z0-9_.-]+", r"\1x", said)


def _shortened(said: str) -> str:
    """Return the first and the last lines, with a mark in between."""
    lines = said.splitlines(keepends=True)
    if len(lines) > FIRST + LAST:
        lines = [*lines[:FIRST], f"[{len(lines) - FIRST - LAST} lines]\n", *lines[-LAST:]]
    return "".join(lines)


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]] or sorted(LOGS.glob("*.log"))
    for log in chosen:
        record(log)
