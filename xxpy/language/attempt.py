"""Do something for each platform on its own, so that one failure leaves the others alone."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from xxpy.errors import (
    ConfigurationError,
    InstallationError,
    Interrupted,
    ProjectError,
    TableError,
    UsageError,
    XxpyError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from xxpy.table.platform import Platform

_Made = TypeVar("_Made")
_Done = TypeVar("_Done")

_OF_ALL: Final = (InstallationError, Interrupted, TableError)
"""Errors in xxpy itself, and Ctrl-C: they concern every platform."""
_OF_REQUEST: Final = (ConfigurationError, ProjectError, UsageError)
"""Errors in the request: they concern every platform if all have the same one."""

_QUICK: Final = 0.04
"""Seconds that the kit of a platform takes at most if all trials are remembered."""


def attempt(
    platforms: Iterable[Platform], make: Callable[[Platform], _Made]
) -> tuple[dict[Platform, _Made], dict[Platform, XxpyError]]:
    """Return what *make* returns for each platform, and the errors of the others, in parallel.

    :raises XxpyError: it concerns all platforms alike, such as an unknown compiler
    """

    def tried(platform: Platform) -> _Made | XxpyError:
        try:
            return make(platform)
        except _OF_ALL:
            raise
        except XxpyError as error:
            return error

    listed = tuple(platforms)
    made: dict[Platform, _Made] = {}
    refused: dict[Platform, XxpyError] = {}
    for platform, found in zip(listed, _each(tried, listed), strict=True):
        if isinstance(found, XxpyError):
            refused[platform] = found
        else:
            made[platform] = found
    errors = list(refused.values())
    if (
        errors
        and not made
        and isinstance(errors[0], _OF_REQUEST)
        and len({(type(error), error.message) for error in errors}) == 1
    ):
        raise errors[0]
    return made, refused


def _each(do: Callable[[Platform], _Done], listed: tuple[Platform, ...]) -> Iterator[_Done]:
    """Yield what *do* returns for each platform.

    As long as it is quick, nothing waits for other processes, and threads would only wait for each
    other. From the first slow one on, several are done at once.
    """
    rest = iter(listed)
    for platform in rest:
        begin = time.monotonic()
        done = do(platform)
        slow = time.monotonic() - begin > _QUICK
        yield done
        if slow:
            break
    else:
        return
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        try:
            yield from pool.map(do, rest)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
