"""Build the documentation site: ``python docs/site/build.py``, or ``make docs``.

The pages keep the paths that they have in the repository, so a relative link works on a code host
and on the site. ``build/docs`` gets the pages, everything that they link to, and nothing else;
zensical makes ``build/site`` from it and fails on a link that leads nowhere.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
CONFIGURATION: Final = "zensical.toml"
BUILD: Final = Path("build")
STAGE: Final = BUILD / "docs"
SITE: Final = BUILD / "site"
FIRST: Final = ("*.md", "docs/**/*.md", "examples/*/*.md", "docs/site/*.js", "docs/site/*.css")
"""The pages and files that the site starts with; links lead to the others."""
_LINK: Final = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")
_CODE: Final = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def linked(page: Path, root: Path) -> set[Path]:
    """Return the files of the repository that a page links to, relative to *root*."""
    text = _CODE.sub("", (root / page).read_text("utf-8"))
    targets = (link for link in _LINK.findall(text) if "://" not in link)
    paths = ((root / page.parent / target).resolve() for target in targets)
    return {path.relative_to(root) for path in paths if path.is_file()}


def files(root: Path) -> set[Path]:
    """Return the pages and files of the site, relative to *root*."""
    waiting = {path.relative_to(root) for pattern in FIRST for path in root.glob(pattern)}
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path.suffix == ".md":
            waiting |= linked(path, root) - found
    return found


def stage(root: Path) -> None:
    """Copy the files of the site to ``build/docs``."""
    shutil.rmtree(root / STAGE, ignore_errors=True)
    (root / BUILD).mkdir(exist_ok=True)
    shutil.copyfile(root / "docs/site" / CONFIGURATION, root / BUILD / CONFIGURATION)
    for path in files(root):
        target = root / STAGE / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, target)


def build(root: Path) -> int:
    """Build the site of the checkout *root* and return the exit status.

    Prints what zensical says only if it fails.
    """
    stage(root)
    shutil.rmtree(root / SITE, ignore_errors=True)
    command = ["zensical", "build", "--strict", "--clean", "--config-file", CONFIGURATION]
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root / BUILD,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stderr.buffer.write(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(build(ROOT))
