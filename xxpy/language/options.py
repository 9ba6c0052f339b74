"""What a user asks of a build: the flags laid over the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xxpy.compiler.base.store import silent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xxpy.compiler.base.store import Tell
    from xxpy.configuration import PerPlatform
    from xxpy.sysroot import Added, Spec
    from xxpy.table.platform import Platform


@dataclass(frozen=True, slots=True)
class Options:
    """One build, as it was asked for.

    :param platforms: what to build for, in this order
    :param named: those of them that were written out; a platform that only a glob matched may be
        left out
    :param output: the folder that gets one folder a platform
    :param arguments: further arguments of the build tool
    :param typed: those of them that were typed, which come last; the others are the configuration's
    :param environment: the user's environment with the configured variables
    :param cc: the family of C compilers: clang, gcc, zig or auto
    :param first: the family that is tried first where any will do
    :param libc: ``gnu``, ``musl``, ``gnu.2.28``, or None
    :param sdk: the folder of Apple's SDK, or None
    :param ndk: the folder of Android's NDK, or None
    :param sysroots: the sysroot that the project or the user wants, by platform; others have none
    :param run_tests: whether the project's own tests run after the build, under an emulator where
        one is needed
    :param shown: whether the plan is only shown, so that nothing of the user's changes for it
    :param tell: is told, in one line, that something slow has begun
    :param outputs: globs of the results of a project without an install step
    """

    platforms: tuple[Platform, ...]
    named: frozenset[Platform]
    output: Path
    environment: Mapping[str, str]
    packages: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    cgo: bool = False
    static: bool = False
    cc: str = "auto"
    first: str = ""
    libc: str | None = None
    sdk: Path | None = None
    ndk: Path | None = None
    sysroots: Mapping[Platform, Spec | Added] = field(default_factory=dict)
    run_tests: bool = False
    shown: bool = False
    tell: Tell = silent
    outputs: tuple[str, ...] = ()
    per_platform: Mapping[Platform, PerPlatform] = field(default_factory=dict)

    def environment_of(self, platform: Platform) -> dict[str, str]:
        """Return the user's environment with all configured variables, those of the platform alone too."""
        own = self.per_platform.get(platform)
        return {**self.environment, **(own.environment if own is not None else {})}
