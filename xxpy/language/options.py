"""What a user asks of a build: the flags merged into the configuration."""

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
    """One build, as requested.

    :param platforms: what to build for, in this order
    :param named: those of them that were spelled out; a platform that only a glob matched may be
        left out
    :param output: the folder for the results, which gets one folder per platform
    :param arguments: further arguments for the build tool
    :param typed: those from the command line, which come last; the others are configured
    :param environment: the user's environment with the configured variables
    :param cc: the name of a C compiler, or auto
    :param cgo_given: whether the user has said whether Go uses C
    :param first: the family to try first if any will do
    :param libc: ``gnu``, ``musl``, ``gnu.2.28``, or None
    :param rust: the targets of Rust that are not a platform's own, by platform
    :param universal: the platforms whose results are joined into universal binaries, by triple
    :param sdk: the folder of Apple's SDK, or None
    :param ndk: the folder of Android's NDK, or None
    :param sysroots: the sysroots that the project or the user wants, by platform
    :param automatic: the platforms whose packages the build finds out
    :param run_tests: whether the project's own tests run after the build, under an emulator if
        needed
    :param shown: whether the plan is only shown, so that nothing of the user's may change
    :param tell: called with one line when something slow begins
    :param waits: whether a kit whose base sysroot is missing waits until those of all platforms are
        made
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
    cgo_given: bool = False
    static: bool = False
    cc: str = "auto"
    first: str = ""
    libc: str | None = None
    rust: Mapping[Platform, str] = field(default_factory=dict)
    universal: Mapping[str, tuple[Platform, ...]] = field(default_factory=dict)
    sdk: Path | None = None
    ndk: Path | None = None
    sysroots: Mapping[Platform, Spec | Added] = field(default_factory=dict)
    automatic: frozenset[Platform] = frozenset()
    run_tests: bool = False
    shown: bool = False
    tell: Tell = silent
    waits: bool = False
    outputs: tuple[str, ...] = ()
    per_platform: Mapping[Platform, PerPlatform] = field(default_factory=dict)

    def environment_of(self, platform: Platform) -> dict[str, str]:
        """Return the user's environment with all configured variables, also the platform's own."""
        own = self.per_platform.get(platform)
        return {**self.environment, **(own.environment if own is not None else {})}
