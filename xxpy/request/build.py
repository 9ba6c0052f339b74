"""The options of a build: flags of the command line override the configuration."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from xxpy import configuration
from xxpy.compiler.registry import AUTO
from xxpy.errors import ConfigurationError, UnsupportedPlatformError, UsageError
from xxpy.language.options import Options
from xxpy.machine import facts, resources, trust
from xxpy.request.platforms import narrower
from xxpy.sysroot import AUTO as AUTO_SYSROOT
from xxpy.sysroot import Added, Automatic, Spec, named, release
from xxpy.table.platform import parse
from xxpy.table.platform_list import LOCAL, Chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.request.platforms import Asked
    from xxpy.table.platform import Platform

_CGO: Final = "CGO_ENABLED"
Wanted: TypeAlias = Spec | Added | Automatic
"""A sysroot that a project or a user wants."""

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
    :param only: the platforms to build for, of those that are asked for, or None for all
    """

    output: Path | None = None
    arguments: tuple[str, ...] = ()
    kit: KitOptions = field(default_factory=KitOptions)
    run_tests: bool | None = None
    finding: Finding | None = None
    only: frozenset[Platform] | None = None


class Finding(Protocol):
    """Finds out the packages of sysroots."""

    def read(self, folder: Path, language: str) -> None:
        """Read what the files of a project say that it needs."""

    def explained(self) -> tuple[str, ...]:
        """Return what is known of that, a line each."""

    def spec(self, platform: Platform, start: Spec | None, libc: str | None) -> Spec | None:
        """Return the packages that a platform is known to need, or None if it needs none.

        :param start: those that the configuration has
        """


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
    chosen = _chosen(settings, asked)
    tell(chosen.notes)
    if flags.only is not None:
        chosen = replace(
            chosen, platforms=tuple(one for one in chosen.platforms if one in flags.only)
        )
    own = per_platform(settings)
    for variables in (settings.environment, *(found.environment for found in own.values())):
        trust.suspect(variables)
    static = flags.kit.static
    libc = _libc(settings, asked, flags.kit.libc)
    sysroots = _sysroots(settings, own, chosen.platforms, directory, flags.kit)
    automatic = {
        platform: found.start
        for platform, found in sysroots.items()
        if isinstance(found, Automatic)
    }
    return Options(
        platforms=chosen.platforms,
        named=chosen.named,
        output=(flags.output or directory / (settings.output or "dist")).absolute(),
        environment={**os.environ, **settings.environment},
        packages=settings.packages,
        arguments=(*settings.arguments, *flags.arguments),
        typed=flags.arguments,
        cgo=_cgo(settings, flags.kit.cgo),
        static=_either(static, settings.static),
        cc=compiler(settings, flags.kit),
        libc=libc,
        rust=asked.rust(),
        sdk=flags.kit.sdk,
        ndk=flags.kit.ndk,
        sysroots={**_plain(sysroots), **_found(automatic, libc, flags.finding)},
        automatic=frozenset(automatic),
        run_tests=_either(flags.run_tests, settings.run_tests),
        outputs=settings.outputs,
        per_platform=own,
    )


def _chosen(settings: Configuration, asked: Asked) -> Chosen:
    """Return the platforms to build for."""
    try:
        return asked.read(settings.platforms or (LOCAL,))
    except UnsupportedPlatformError as error:
        if asked:
            raise
        raise ConfigurationError(
            f"{configuration.FILE}: platforms: {error.message}", error.hint
        ) from error


def _libc(settings: Configuration, asked: Asked, flag: str | None) -> str | None:
    """Return the libc to use: that of the flag, of a triple, or of the configuration.

    The configuration may add the oldest version to the libc of a triple.
    """
    given = asked.libc(flag)
    if given is None or settings.libc is None or flag is not None:
        return given or settings.libc
    return narrower(given, settings.libc) or given


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


def _plain(sysroots: Mapping[Platform, Wanted]) -> dict[Platform, Spec | Added]:
    """Return the sysroots that are known."""
    return {
        platform: found for platform, found in sysroots.items() if not isinstance(found, Automatic)
    }


def _found(
    automatic: Mapping[Platform, Spec | None], libc: str | None, finding: Finding | None
) -> dict[Platform, Spec | Added]:
    """Return the sysroots that are found out, as far as they are known.

    :raises UsageError: the command finds out nothing
    """
    if automatic and finding is None:
        raise UsageError(
            "only a build finds out the packages of the sysroot auto",
            "xxpy build --sysroot auto --save writes them to xxpy.toml, where every command reads"
            " them",
        )
    return {
        platform: spec
        for platform, start in automatic.items()
        if finding is not None and (spec := finding.spec(platform, start, libc)) is not None
    }


def _sysroots(
    settings: Configuration,
    own: Mapping[Platform, PerPlatform],
    chosen: tuple[Platform, ...],
    directory: Path,
    kit: KitOptions,
) -> dict[Platform, Wanted]:
    """Return the sysroots of platforms: that of the flag, or else those of the configuration."""
    if kit.no_sysroot:
        return {}
    if kit.sysroot is not None and kit.sysroot != AUTO_SYSROOT:
        return dict.fromkeys(chosen, Added(kit.sysroot))
    configured = {
        platform: spec
        for platform in chosen
        if (spec := sysroot(settings, own.get(platform), directory)) is not None
    }
    if kit.sysroot is None:
        return configured
    return {platform: _automatic(configured.get(platform)) for platform in chosen}


def _automatic(configured: Wanted | None) -> Automatic:
    """Return the sysroot that is found out, with the packages that are configured."""
    match configured:
        case Automatic():
            return configured
        case Spec():
            return Automatic(configured)
        case _:
            return Automatic()


def sysroot(settings: Configuration, own: PerPlatform | None, directory: Path) -> Wanted | None:
    """Return the sysroot that the project needs for a platform, or None.

    Its distribution is by default that of this machine, except where the packages are found out.

    :param own: the settings for that platform (:func:`per_platform`)
    :param directory: the project's folder, to which the path of a sysroot is relative
    :raises ConfigurationError: it has both a name and other keys
    """
    wanted = settings.sysroot if own is None or own.sysroot is None else own.sysroot
    if wanted is None:
        return None
    if wanted.name == AUTO_SYSROOT:
        if wanted.distribution is None and (wanted.packages or wanted.updates is not None):
            raise ConfigurationError(
                f"{configuration.FILE}: sysroot: packages and updates need a distribution",
                'add distribution = "debian:bookworm", or the release that you mean',
            )
        return Automatic(None if wanted.distribution is None else _spec(wanted))
    if wanted.name is None:
        return _spec(wanted)
    if wanted.distribution is not None or wanted.packages or wanted.updates is not None:
        raise ConfigurationError(
            f"{configuration.FILE}: sysroot: name means an existing sysroot, without other keys",
            "remove name, or the other keys",
        )
    return Added(
        str(directory / Path(wanted.name).expanduser())
        if named.is_folder(wanted.name)
        else wanted.name
    )


def _spec(wanted: configuration.Sysroot) -> Spec:
    """Return the packages that a configuration names."""
    return Spec(
        wanted.distribution or release.default(resources.table()),
        wanted.packages,
        wanted.updates is not False,
    )
