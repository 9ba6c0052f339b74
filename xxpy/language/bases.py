"""Make the base sysroots of all platforms before their kits, each once and side by side.

zig builds the C library of a target in seconds, or in a minute. Platforms that need the same one do
not wait for it one after the other, and one line says what is built.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from xxpy.compiler.base import Base
from xxpy.compiler.base.store import announce, silent
from xxpy.errors import ToolError
from xxpy.kit import native
from xxpy.language.attempt import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.errors import XxpyError
    from xxpy.language.options import Options
    from xxpy.table.platform import Platform

_Made = TypeVar("_Made")


def attempt_kits(
    options: Options, make: Callable[[Platform, Options], _Made]
) -> tuple[dict[Platform, _Made], dict[Platform, XxpyError]]:
    """Return what *make* returns for each platform, and the errors of the others.

    :param make: makes the kit of a platform with the options that it gets
    :raises XxpyError: it concerns all platforms alike, such as an unknown compiler
    """
    early = replace(options, waits=not options.shown)
    made, refused = attempt(options.platforms, lambda platform: make(platform, early))
    missing = {
        platform: error.unmade
        for platform, error in refused.items()
        if isinstance(error, ToolError) and isinstance(error.unmade, Base)
    }
    if not missing:
        return made, refused
    _build({base.folder.name: base for base in missing.values()}, options)
    later, failed = attempt(missing, lambda platform: make(platform, options))
    every = {**made, **later}
    errors = {**{name: error for name, error in refused.items() if name not in missing}, **failed}
    return (
        {platform: every[platform] for platform in options.platforms if platform in every},
        {platform: errors[platform] for platform in options.platforms if platform in errors},
    )


def _build(bases: Mapping[str, Base], options: Options) -> None:
    """Make several bases; the kit of a platform whose base cannot be made reports that."""
    environment = native.outside(options.environment)
    zig = next(iter(bases.values())).zig.version
    targets = ", ".join(base.order.name for base in bases.values())
    what = f"{len(bases)} targets, once: {targets}" if len(bases) > 1 else f"{targets}, once"
    tick = announce(options.tell, f"zig {zig} builds its C library for {what}")

    def build(base: Base) -> None:
        with suppress(ToolError):
            base.ensure(environment, silent, tick)

    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        list(pool.map(build, bases.values()))
