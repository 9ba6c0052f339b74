"""Remember in the user's cache what tools have answered and what trials have shown.

Each entry is a file whose name is a digest of everything that the answer depends on: the question,
the tool as a file (its path, size, time and inode) and the environment. So an entry is never
changed, only used or not, and a cache that cannot be read or written only costs time. Entries are
pruned like everything else in the cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PASSING: Final = re.compile(
    r"_|PS1|PWD|OLDPWD|SHLVL|COLUMNS|LINES|WINDOWID|(?:SSH|TERM|XDG_SESSION|XXPY|HYPERFINE)(?:_.*)?"
)
"""Variables that shells, terminals and benchmarks change all the time, and no compiler reads."""

TRIALS: Final = "trials"
"""The folder in the cache for answers of tools and results of trials."""

Stamp = tuple[str, int, int, int] | None
"""A file by its path, size, time in nanoseconds and inode; None if it does not exist."""


def stamp(path: str) -> Stamp:
    """Return what identifies a file or the list of names in a folder; links are followed."""
    try:
        found = os.stat(path)  # noqa: PTH116 - called a thousand times in a build of all platforms
    except (OSError, ValueError):
        return None
    return (path, found.st_size, found.st_mtime_ns, found.st_ino)


def environment(variables: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the variables on which an answer may depend."""
    return [item for item in sorted(variables.items()) if not _PASSING.fullmatch(item[0])]


def tool(program: str) -> tuple[str, Stamp] | None:
    """Return what identifies a tool, or None if its file does not tell what it does.

    Scripts, and links to a program of another name (a compiler cache, a version manager), run
    something else.
    """
    real = os.path.realpath(program)
    name, own = Path(program).name, Path(real).name
    if _word(name) not in own or _is_script(real):
        return None
    return real, stamp(real)


def _word(name: str) -> str:
    """Return the last word of a tool's name without a version.

    >>> _word("aarch64-linux-gnu-gcc-12"), _word("clang++-19"), _word("zig")
    ('gcc', 'clang', 'zig')
    """
    words = re.findall(r"[a-z][a-z0-9_]*", re.sub(r"[-.\d]+$", "", name.lower()))
    found = words[-1] if words else name
    return {"posix": "gcc", "win32": "gcc", "g": "g++"}.get(found, found)


@cache
def _is_script(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            return file.read(2) in {b"#!", b""}
    except OSError:
        return True


def place(folder: Path, *facts: object) -> Path:
    """Return the file of an entry in *folder*.

    :param facts: everything that it depends on, as JSON can write it
    """
    text = json.dumps(facts, default=dict, sort_keys=True)
    return folder / hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def recall(entry: Path) -> bytes | None:
    """Return what an entry says, or None if there is none."""
    try:
        data = entry.read_bytes()
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(entry)  # when it was last used
    return data


def keep(entry: Path, data: bytes) -> None:
    """Write an entry whole or not at all; a cache that cannot be written is not an error."""
    aside = entry.with_name(f"{entry.name}.{os.getpid()}.{os.urandom(4).hex()}")  # pruned if left
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        try:
            aside.write_bytes(data)
            aside.replace(entry)
        finally:
            aside.unlink(missing_ok=True)
    except OSError:
        return


def stamps(paths: Iterable[str]) -> list[Stamp]:
    """Return the stamps of several files or folders."""
    return [stamp(path) for path in paths]
