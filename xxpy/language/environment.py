"""The variables of any command that builds for one platform, as ``xxpy build`` sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.language.c import common
from xxpy.language.registry import LANGUAGES
from xxpy.machine import facts
from xxpy.table.resolve import resolve
from xxpy.table.target import build_environment

if TYPE_CHECKING:
    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform


def variables(
    platform: Platform, made: Kit | None, options: Options, table: Table
) -> dict[str, str]:
    """Return the user's environment, extended for a build for a platform.

    :param made: the kit for the platform, or None if no compiler builds for it
    :raises UsageError: static programs are asked for, and a variable of the user's contradicts that
    """
    own = options.per_platform.get(platform)
    user = dict(options.environment)
    found = (
        {**user, **build_environment(resolve(table, platform, facts.release().id))}
        if made is None
        else made.variables(user)
    )
    if options.static and made is not None:
        found |= common.static_link(made, options)
    for language in LANGUAGES.values():
        found |= language.variables(table.row(platform), made, options, user)
    return {**found, **(own.environment if own is not None else {})}
