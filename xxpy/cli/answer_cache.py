"""Cache the answers of ``xxpy info``, so that a lookup costs no more than starting Python.

Scripts ask for one name after another, and click, the TOML parser and the table take ten times as
long as the answer. So each answer is kept in the user's cache, under a key made of everything that
it depends on: the arguments, the variables that the table names, the identity of the operating
system, and the size and time of every file of xxpy and of the table. The names of these variables
are cached too, under a key of the same files. Only files that these keys name are ever read, and a
file is written whole or not at all.

This module imports only what a bare interpreter has already loaded, and ``_blake2``.
"""

from __future__ import annotations

import os
import sys

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib costs 10 ms
_COMMAND = "info"
_OPTIONS = "XXPY_"
"""The beginning of the variables of options."""
_OPEN = 0o0002
"""The mode of a folder that others can write to and that lacks the sticky bit."""


def _cache() -> str:
    """Return the folder of the cache; an impossible path if the user has none that is safe."""
    if sys.platform == "win32":
        return "/dev/null/xxpy"  # there is no os.uname to tell one machine from another
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not home.startswith("/"):
        home = f"{os.environ.get('HOME', '')}/.cache"
    # A user without a home has no cache: nothing can be below /dev/null. The same goes for a cache
    # that belongs to somebody else or that others can write to.
    if not home.startswith("/") or home == "/.cache":
        return "/dev/null/xxpy"
    for place in (
        os.path.dirname(home) if home.endswith("/.cache") else home,  # noqa: PTH120
        home,
        f"{home}/xxpy",
    ):
        try:
            status = os.stat(place)  # noqa: PTH116
        except OSError:
            continue
        if status.st_uid not in {0, os.geteuid()} or status.st_mode & 0o1002 == _OPEN:
            return "/dev/null/xxpy"
    return f"{home}/xxpy"


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


def _digest(facts: object) -> str:
    from _blake2 import blake2b  # noqa: PLC0415 - hashlib costs 3 ms

    return blake2b(repr(facts).encode(errors="surrogateescape"), digest_size=20).hexdigest()


def _installation() -> str:
    """Return a digest of the files of xxpy and of the table, and of the machine."""
    if sys.platform == "win32":
        return ""
    release: object = None
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            status = os.stat(path)  # noqa: PTH116
        except OSError:
            continue
        release = (path, status.st_size, status.st_mtime_ns)
        break
    tables = os.environ.get("XXPY_TOOLCHAINS") or f"{os.path.dirname(_PACKAGE)}/toolchains"  # noqa: PTH120
    return _digest(
        (
            os.uname()[0::4],
            sys.version,
            release,
            tables,
            sorted(map(str, _stamps(_PACKAGE) + _stamps(tables))),
        )
    )


def _path(arguments: list[str], variables: list[str], installation: str) -> str:
    options = sorted(item for item in os.environ.items() if item[0].startswith(_OPTIONS))
    values = [*((name, os.environ.get(name, "")) for name in variables), *options]
    return f"{_cache()}/answers/{_digest((arguments, values, installation))}"


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return file.read()


def _write(path: str, text: str) -> None:
    aside = f"{path}.{os.getpid()}"
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(aside, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    os.replace(aside, path)  # noqa: PTH105


def _is_cached(arguments: list[str]) -> bool:
    return arguments[:1] == [_COMMAND] and sys.platform != "win32"


def recall(arguments: list[str]) -> str | None:
    """Return the cached answer to the same question, or None."""
    if not _is_cached(arguments):
        return None
    try:
        installation = _installation()
        return _read(
            _path(arguments, _read(f"{_cache()}/variables/{installation}").split(), installation)
        )
    except (OSError, ValueError):
        return None


def remember(arguments: list[str], answer: str, variables: list[str]) -> None:
    """Cache *answer* for the next time; a cache that cannot be written is not an error.

    :param variables: the names of the environment variables that answers depend on
    """
    if not _is_cached(arguments):
        return
    try:
        installation = _installation()
        _write(f"{_cache()}/variables/{installation}", " ".join(variables))
        _write(_path(arguments, variables, installation), answer)
    except OSError:
        return
