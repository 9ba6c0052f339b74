"""Show Go the tree as the user has left it, when it stamps a program with version control.

Go asks ``git status`` for every program, and a file that git neither knows nor ignores makes the
tree dirty: the programs of the other platforms, and those of the build before. So git ignores the
folders that xxpy creates in the output, through variables of the build alone
(https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT). Nothing in the
project changes, and everything else in the output counts as before. The outputs of a repository are
remembered, so that an output under another name does not count either. Git reads only one such
file, so the user's own is copied into it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from xxpy import bounds
from xxpy.errors import ToolError
from xxpy.machine import files, programs, resources, trust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.table.platform import Platform

_KEY: Final = "core.excludesFile"
_CACHE: Final = "git"
_COUNT: Final = "GIT_CONFIG_COUNT"
_SPECIAL: Final = re.compile(r"([*?\[\\])")
_ESCAPED: Final = r"\\\1"
OWN: Final = (".xxpy-*", ".xxpy")
"""The folders with results that are not verified yet, and with the record of what was built."""


def variables(
    folder: Path,
    output: Path,
    platforms: Iterable[Platform],
    environment: Mapping[str, str],
    *,
    shown: bool,
) -> dict[str, str]:
    """Return variables that make git ignore xxpy's files in the output, if git would see them.

    :param platforms: all that may have a folder there
    :param shown: whether nothing is built, so that the output need not be remembered
    """
    if trust.is_reading():
        return {}  # git runs what a repository's configuration names, such as core.fsmonitor
    git = programs.which("git", environment)
    root = None if git is None else _ask([git, "rev-parse", "--show-toplevel"], folder, environment)
    if git is None or not root:
        return {}
    top = Path(root).resolve()
    outputs = _outputs(top, output.resolve(), shown=shown)
    if not outputs:
        return {}
    names = [*(platform.folder for platform in platforms), *OWN]
    own = sorted(
        {f"{_pattern(place.relative_to(top))}/{name}/" for place in outputs for name in names}
    )
    text = "\n".join((_users(git, folder, environment), *own, ""))
    path = (
        resources.cache_folder(_CACHE)
        / f"{hashlib.sha256(bounds.encoded(text)).hexdigest()[:16]}.ignore"
    )
    files.write(path, text)
    count = environment.get(_COUNT, "")
    number = int(count) if count.isdigit() else 0
    return {
        _COUNT: str(number + 1),
        f"GIT_CONFIG_KEY_{number}": _KEY,
        f"GIT_CONFIG_VALUE_{number}": str(path),
    }


def _outputs(top: Path, output: Path, *, shown: bool) -> list[Path]:
    """Return the folders in a repository with results of this build and of earlier ones."""
    record = (
        resources.cache_folder(_CACHE)
        / f"{hashlib.sha256(bounds.encoded(str(top))).hexdigest()[:16]}.outputs"
    )
    with files.lock(record.with_suffix(".lock")):
        known = (
            record.read_text("utf-8", "surrogateescape").split("\n")[:-1]
            if record.is_file()
            else []
        )
        found = [
            path
            for path in dict.fromkeys([*map(Path, known), output])
            if path.is_relative_to(top) and (path == output or path.is_dir())
        ]
        if found and not shown:
            files.write(record, "".join(f"{path}\n" for path in found))
    return found


def _pattern(place: PurePath) -> str:
    """Return the pattern of a folder in a repository, as git reads it."""
    return "".join(f"/{_SPECIAL.sub(_ESCAPED, part)}" for part in place.parts)


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
    """Return git's output, or "" if it fails."""
    try:
        return programs.output(command, environment=environment, folder=str(folder)).rstrip("\n")
    except ToolError:
        return ""
