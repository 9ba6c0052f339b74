"""What Go sees of the version control when it stamps a program: the tree as the user has left it.

Go asks ``git status`` for every program, and a file that git neither knows nor ignores makes the tree dirty: the programs of the platforms
that are built before, and those of the build before. So the folders that xxpy makes in the output are added to the files that git ignores,
by variables of the build alone (https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT); nothing of the project is
changed, and whatever else is in the output counts as before. Git reads one such file, so the user's own is copied into it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import files, host, resources
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.platform import Platform

_KEY: Final = "core.excludesFile"
_COUNT: Final = "GIT_CONFIG_COUNT"
_SPECIAL: Final = re.compile(r"([*?\[\\])")
_ESCAPED: Final = r"\\\1"
STAGES: Final = ".xxpy-*"
"""The folders in which results are until they are verified."""


def variables(folder: Path, output: Path, platforms: Iterable[Platform], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which git ignores what xxpy makes in the output; none where the output is not in the repository.

    :param platforms: all that may have a folder there
    """
    git = host.which("git", environment)
    root = None if git is None else _ask([git, "rev-parse", "--show-toplevel"], folder, environment)
    if git is None or not root:
        return {}
    top, place = Path(root).resolve(), output.resolve()
    if not place.is_relative_to(top):
        return {}
    below = "".join(f"/{_SPECIAL.sub(_ESCAPED, part)}" for part in place.relative_to(top).parts)
    own = sorted({f"{below}/{platform.folder}/" for platform in platforms} | {f"{below}/{STAGES}/"})
    text = "\n".join((_users(git, folder, environment), *own, ""))
    path = resources.cache_folder("git") / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.ignore"
    files.write(path, text)
    count = environment.get(_COUNT, "")
    number = int(count) if count.isdigit() else 0
    return {_COUNT: str(number + 1), f"GIT_CONFIG_KEY_{number}": _KEY, f"GIT_CONFIG_VALUE_{number}": str(path)}


def _users(git: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return what the user ignores in every repository (https://git-scm.com/docs/gitignore)."""
    own = _ask([git, "config", "--type=path", "--get", _KEY], folder, environment)
    base = environment.get("XDG_CONFIG_HOME") or f"{environment.get('HOME', '')}/.config"
    path = Path(own) if own else Path(base) / "git" / "ignore"
    try:
        return (folder / path).read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _ask(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Return what git answers, or "" where it has no answer."""
    try:
        return host.output(command, environment=environment, folder=str(folder)).rstrip("\n")
    except ToolError:
        return ""
