"""The arguments of ``go build``, by the places that they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xxpy.errors import UsageError
from xxpy.language.go import flags as go_flags
from xxpy.language.go import settings as go_settings
from xxpy.language.go import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xxpy.language.go.flags import Place
    from xxpy.language.options import Options
    from xxpy.table.platform import Platform


def places(platform: Platform, options: Options, flags: str) -> tuple[Place, ...]:
    """Return the arguments of ``go build`` in each place, the weakest first.

    :raises UsageError: one of them sets the output, which ``--output`` does
    """
    count = len(options.arguments) - len(options.typed)
    own = options.per_platform.get(platform)
    found = (
        go_flags.read(go_settings.FLAGS, words.split(flags)),
        go_flags.read("xxpy.toml", options.arguments[:count]),
        go_flags.read("the command line", options.typed),
        go_flags.read(f"xxpy.toml: platform.{platform}", own.arguments if own else ()),
    )
    if go_flags.last(found, "o") is not None:
        raise UsageError(
            "-o among the arguments of go build",
            "use --output: each platform gets a folder there",
        )
    return found


def patterns(places: Sequence[Place], options: Options) -> tuple[str, ...]:
    """Return the named packages: for the platform, on the command line, or in the configuration."""
    _flags, configured, typed, own = (place.packages for place in places)
    return own or typed or (*options.packages, *configured)
