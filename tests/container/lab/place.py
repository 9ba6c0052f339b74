"""Where the lab keeps what it downloads and makes, and what processes that test side by side share there."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Given = ParamSpec("Given")
Made = TypeVar("Made")


def folder() -> Path:
    """Return where the lab keeps what it downloads and makes."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "xxpy" / "lab"


def one_at_a_time(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Let one process at a time run functions that make what is missing; they may call each other."""

    @wraps(make)
    def locked(*arguments: Given.args, **named: Given.kwargs) -> Made:
        with _lock("making"):
            return make(*arguments, **named)

    return locked


@contextmanager
def shared(
    name: str, start: Callable[[], list[str]], stop: Callable[[list[str]], None]
) -> Iterator[None]:
    """Share something that runs between all processes that are in this context at one time.

    :param name: what is shared
    :param start: is called in the first process, and returns what it had to start
    :param stop: stops that; it is called in the last process
    """
    users = folder() / f"{name}.users"
    users.parent.mkdir(parents=True, exist_ok=True)
    with users.open("a+") as file:
        with _lock(name):
            if _is_only_user(file.fileno()):
                file.truncate(0)
                file.write("\n".join(start()))
                file.flush()
            fcntl.flock(file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with _lock(name):
                file.seek(0)
                if _is_only_user(file.fileno()):
                    stop(file.read().splitlines())


@cache
def _lock(name: str) -> FileLock:
    folder().mkdir(parents=True, exist_ok=True)
    return FileLock(folder() / f"{name}.lock")


def _is_only_user(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
