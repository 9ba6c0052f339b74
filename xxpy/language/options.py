"""What a user asks of a build: the flags laid over the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.configuration import PerPlatform
    from xxpy.platform import Platform


@dataclass(frozen=True, slots=True)
class Options:
    """One build, as it was asked for.

    :param platforms: what to build for, in this order
    :param named: those of them that were written out; a platform that only a glob matched may be left out
    :param output: the folder that gets one folder a platform
    :param arguments: further arguments of the build tool
    :param environment: the user's environment with the configured variables
    """

    platforms: tuple[Platform, ...]
    named: frozenset[Platform]
    output: Path
    environment: Mapping[str, str]
    packages: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    cgo: bool = False
    static: bool = False
    per_platform: Mapping[Platform, PerPlatform] = field(default_factory=dict)
