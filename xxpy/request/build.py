"""The options of a build: flags of the command line override the configuration."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from xxpy import configuration
from xxpy.compiler.registry import AUTO
from xxpy.errors import ConfigurationError, UnsupportedPlatformError
from xxpy.language.options import Options
from xxpy.machine import facts, programs, resources, trust
from xxpy.request import checks, sysroots
from xxpy.request.platforms import narrower
from xxpy.table.platform import parse
from xxpy.table.platform_list import LOCAL, Chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.request.platforms import Asked
    from xxpy.table.platform import Platform

_CGO: Final = "CGO_ENABLED"
_SWITCH: Final = {"1": True, "0": False}


@dataclass(frozen=True, slots=True)
class KitOptions:
    """The flags of every command that makes a kit.

    :param cc: the name of a C compiler, or auto
    :param libc: ``gnu``, ``musl``, ``gnu.2.28``, or None
    :param sdk: the folder of Apple's SDK, or None
    :param ndk: the folder of Android's NDK, or None
    :param sysroot: the name or the folder of a sysroot, or None
    :param no_sysroot: whether to ignore the project's sysroot
    :param cgo: whether Go uses C, or None
    :param static: whether programs are static, or None
    """

    cc: str = "auto"
    libc: str | None = None
    sdk: Path | None = None
    ndk: Path | None = None
    sysroot: str | None = None
    no_sysroot: bool = False
    cgo: bool | None = None
    static: bool | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a build; None and empty values mean those of the configuration.

    :param output: the folder for the results
    :param arguments: further arguments of the build tool, after those of the configuration
    :param finding: what finds out the packages of a sysroot; without it ``auto`` is refused
    :param first: the family of C compilers to try first, which has built other platforms
    :param only: the platforms to build for, of those that are asked for, or None for all
    """

    output: Path | None = None
    arguments: tuple[str, ...] = ()
    kit: KitOptions = field(default_factory=KitOptions)
    run_tests: bool | None = None
    finding: sysroots.Finding | None = None
    only: frozenset[Platform] | None = None
    first: str = ""


def options(
    settings: Configuration,
    directory: Path,
    asked: Asked,
    flags: Flags,
    tell: Callable[[Iterable[str]], object],
) -> Options:
    """Return the options for building the project in *directory*.

    :param asked: the platforms; by default those of the configuration, or else this machine
    :param tell: called with notes on how single words were understood
    :raises UnsupportedPlatformError: a platform is malformed or unknown, or a glob matches nothing
    :raises UsageError: a triple and ``--libc`` contradict each other
    :raises ConfigurationError: a table is for an unknown platform, two are for the same one, or
        keys contradict each other
    """
    checks.check(settings)
    chosen = _chosen(settings, asked, flags.only)
    tell(chosen.notes)
    own = per_platform(settings)
    for variables in (settings.environment, *(found.environment for found in own.values())):
        trust.suspect(variables)
    static = flags.kit.static
    libc = _libc(settings, asked, flags.kit.libc)
    wanted = _wanted(settings, own, chosen.platforms, directory, flags.kit)
    return Options(
        platforms=chosen.platforms,
        named=chosen.named,
        output=(flags.output or directory / (settings.output or "dist")).absolute(),
        environment={**programs.inherited(), **settings.environment},
        packages=settings.packages,
        arguments=(*settings.arguments, *flags.arguments),
        typed=flags.arguments,
        cgo=_cgo(settings, flags.kit.cgo),
        cgo_given=_cgo_given(settings, flags.kit.cgo),
        static=_either(static, settings.static),
        cc=compiler(settings, flags.kit),
        first=flags.first,
        libc=libc,
        rust=asked.rust(),
        universal=asked.universal(),
        sdk=flags.kit.sdk,
        ndk=flags.kit.ndk,
        sysroots=sysroots.known(wanted, libc, flags.finding),
        automatic=sysroots.automatic(wanted),
        run_tests=_either(flags.run_tests, settings.run_tests),
        outputs=settings.outputs,
        per_platform=own,
    )


def _wanted(
    settings: Configuration,
    own: Mapping[Platform, PerPlatform],
    platforms: tuple[Platform, ...],
    directory: Path,
    kit: KitOptions,
) -> dict[Platform, sysroots.Wanted]:
    """Return the sysroots of platforms: those of the flags, or else of the configuration."""
    if kit.no_sysroot:
        return {}
    return sysroots.wanted(settings, own, platforms, directory, kit.sysroot)


def _chosen(settings: Configuration, asked: Asked, only: frozenset[Platform] | None) -> Chosen:
    """Return the platforms to build for.

    :param only: those of them that are left to build, or None for all
    """
    try:
        found = asked.read(settings.platforms or (LOCAL,))
    except UnsupportedPlatformError as error:
        if asked:
            raise
        raise ConfigurationError(
            f"{configuration.FILE}: platforms: {error.message}", error.hint
        ) from error
    if only is None:
        return found
    return replace(found, platforms=tuple(one for one in found.platforms if one in only))


def _libc(settings: Configuration, asked: Asked, flag: str | None) -> str | None:
    """Return the libc to use: that of the flag, of a triple, or of the configuration.

    The configuration may add the oldest version to the libc of a triple.
    """
    given = asked.libc(flag)
    if given is None or settings.libc is None or flag is not None:
        return given or settings.libc
    return narrower(given, settings.libc) or given


def _cgo_given(settings: Configuration, flag: bool | None) -> bool:
    """Return whether the user has said if Go may use C."""
    return {flag, settings.cgo} != {None} or _CGO in {**os.environ, **settings.environment}


def _cgo(settings: Configuration, flag: bool | None) -> bool:
    """Return whether Go may use C: by the flag, the key ``cgo``, or Go's variable.

    :raises ConfigurationError: the key and the variable contradict each other
    """
    configured = settings.environment.get(_CGO)
    wanted = (
        _SWITCH.get(configured or os.environ.get(_CGO, ""), False)
        if settings.cgo is None
        else settings.cgo
    )
    if configured is not None and _SWITCH.get(configured) is not wanted:
        raise ConfigurationError(
            f"{configuration.FILE}: environment: {_CGO} is {configured!r}, "
            f"but cgo is {str(wanted).lower()}",
            "keep only cgo",
        )
    wanted = wanted if flag is None else flag
    for key, own in settings.platform.items():
        if own.environment.get(_CGO, str(int(wanted))) != str(int(wanted)):
            raise ConfigurationError(
                f"{configuration.FILE}: platform.{key}: environment: "
                f"{_CGO} is {own.environment[_CGO]!r}, but cgo is {str(wanted).lower()}",
                "cgo is on or off for the whole build: remove the variable",
            )
    return wanted


def per_platform(settings: Configuration) -> dict[Platform, PerPlatform]:
    """Return the settings for single platforms, by platform.

    :raises ConfigurationError: a table is for an unknown platform, or two are for the same one
    """
    words = resources.table().words
    found: dict[Platform, PerPlatform] = {}
    for key, own in settings.platform.items():
        try:
            platform = parse(key, words, local=facts.platform(words), typed=True)
        except UnsupportedPlatformError as error:
            raise ConfigurationError(
                f"{configuration.FILE}: platform.{key}: {error.message}", error.hint
            ) from error
        if platform in found:
            raise ConfigurationError(
                f"{configuration.FILE}: platform.{key}: {platform} is defined twice",
                "keep one of the tables",
            )
        found[platform] = own
    return found


def compiler(settings: Configuration, kit: KitOptions) -> str:
    """Return the C compiler to use: that of the flag, or else of the configuration."""
    return (settings.cc or kit.cc) if kit.cc == AUTO else kit.cc


def _either(flag: bool | None, setting: bool | None) -> bool:
    return bool(setting) if flag is None else flag
