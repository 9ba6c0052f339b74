"""Do something for each platform on its own, so that one failure leaves the others alone."""

from __future__ import annotations

import os
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
    from collections.abc import Callable, Iterable

    from xxpy.table.platform import Platform

_Made = TypeVar("_Made")

_OF_ALL: Final = (InstallationError, Interrupted, TableError)
"""Errors in xxpy itself, and Ctrl-C: they concern every platform."""
_OF_REQUEST: Final = (ConfigurationError, ProjectError, UsageError)
"""Errors in the request: they concern every platform if all have the same one."""


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
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        try:
            for platform, found in zip(listed, pool.map(tried, listed), strict=True):
                if isinstance(found, XxpyError):
                    refused[platform] = found
                else:
                    made[platform] = found
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    errors = list(refused.values())
    if (
        errors
        and not made
        and isinstance(errors[0], _OF_REQUEST)
        and len({(type(error), error.message) for error in errors}) == 1
    ):
        raise errors[0]
    return made, refused
