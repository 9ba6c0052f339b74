"""Run shellcheck over every script of the project: those that are rendered and those that are written by hand."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from xxpy import resources
from xxpy.render import wrappers

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = (ROOT / "dev", ROOT / ".ci/run")


def main() -> int:
    """Return shellcheck's exit status over all scripts."""
    with tempfile.TemporaryDirectory() as folder:
        rendered = wrappers.render_all(resources.table(), resources.texts("templates", "**/*.j2"))
        paths = [Path(folder) / Path(name).name for name in rendered]
        for path, text in zip(paths, rendered.values(), strict=True):
            path.write_text(text)
        checked = subprocess.run(["shellcheck", "--severity=style", *map(str, (*paths, *BY_HAND))], check=False)
    return checked.returncode


if __name__ == "__main__":
    sys.exit(main())
