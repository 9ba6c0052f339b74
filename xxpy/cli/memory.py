"""Remember the answers of ``xxpy info``: a lookup in a fixed table should cost what starting Python costs.

Scripts ask for one name after the other, and click, the TOML parser and the table take ten times as long as the answer. So an answer is
kept in the user's cache, under a key made of everything that it depends on: the arguments, the variables that the names
depend on, the operating system's identity, and the size and time of every file of xxpy and of the table. Nothing but a file
named by that key is ever read, and a file is written whole or not at all.

This module imports only what a bare interpreter has loaded already, and ``_blake2``.
"""

from __future__ import annotations

import os
import sys

VARIABLES = ("XX_VENDOR", "XX_LIBC", "ARM_TARGET_ARCH", "RISCV64_TARGET_ARCH", "MACOSX_VERSION_MIN", "XXPY_TOOLCHAINS")
"""The variables that an answer depends on."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib costs 10 ms
_COMMAND = "info"


def _cache() -> str:
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not home.startswith("/"):
        home = f"{os.environ.get('HOME', '')}/.cache"
    # A user without a home has no memory: nothing can be below this.
    return f"{home}/xxpy/answers" if home.startswith("/") and home != "/.cache" else "/dev/null/xxpy"


def _stamps(folder: str) -> list[object]:
    """Return the path, size and time of every file below *folder* that an answer may depend on."""
    found: list[object] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        found += _stamps(entry.path)
                elif entry.name.endswith((".py", ".toml")):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    except OSError:
        return found
    return found


def _path(arguments: list[str]) -> str:
    from _blake2 import blake2b  # noqa: PLC0415 - hashlib costs 3 ms

    release: object = None
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            status = os.stat(path)  # noqa: PTH116
        except OSError:
            continue
        release = (path, status.st_size, status.st_mtime_ns)
        break
    tables = os.environ.get("XXPY_TOOLCHAINS") or f"{os.path.dirname(_PACKAGE)}/toolchains"  # noqa: PTH120
    facts = (
        arguments,
        [os.environ.get(name, "") for name in VARIABLES],
        os.uname()[0::4],
        sys.version,
        release,
        sorted(map(str, _stamps(_PACKAGE) + _stamps(tables))),
    )
    return f"{_cache()}/{blake2b(repr(facts).encode(errors='surrogateescape'), digest_size=20).hexdigest()}"


def _memorable(arguments: list[str]) -> bool:
    return arguments[:1] == [_COMMAND]


def recall(arguments: list[str]) -> str | None:
    """Return what the same question was answered the last time, or None."""
    if not _memorable(arguments):
        return None
    try:
        with open(_path(arguments), encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except (OSError, ValueError):
        return None


def remember(arguments: list[str], answer: str) -> None:
    """Keep *answer* for the next time; a cache that cannot be written is no error."""
    if not _memorable(arguments):
        return
    path = _path(arguments)
    aside = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(aside, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(answer)
        os.replace(aside, path)  # noqa: PTH105
    except OSError:
        return
