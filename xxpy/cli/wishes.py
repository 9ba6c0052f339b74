"""What a user wants of a project: the flags of the command line laid over the configuration, and what is different for single platforms."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import configuration, host, resources, trust
from xxpy.cli import asked as platforms
from xxpy.cli.request import KitOptions
from xxpy.errors import ConfigurationError, UnsupportedPlatformError
from xxpy.language.options import Options
from xxpy.platform import parse
from xxpy.platform_list import LOCAL
from xxpy.sysroot import Added, Spec, named, release
from xxpy.toolchain.choice import AUTO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.cli.asked import Asked
    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.platform import Platform
    from xxpy.platform_list import Chosen

_CGO: Final = "CGO_ENABLED"
_SWITCH: Final = {"1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a build; what is None or empty leaves the word to the configuration.

    :param output: the folder for the results
    :param arguments: further arguments of the build tool, behind those of the configuration
    :param quiet: whether nothing is said that is no error
    """

    output: Path | None = None
    arguments: tuple[str, ...] = ()
    kit: KitOptions = field(default_factory=KitOptions)
    run_tests: bool | None = None
    quiet: bool = False


def options(settings: Configuration, directory: Path, asked: Asked, flags: Flags) -> Options:
    """Return the build of the project in *directory* as it was asked for.

    :param asked: the platforms; without one those of the configuration, or else this machine
    :raises UnsupportedPlatformError: malformed, unknown, or a glob that matches nothing
    :raises UsageError: a triple and ``--libc`` contradict each other
    :raises ConfigurationError: a table for a platform that is unknown or is there twice, or keys that contradict each other
    """
    chosen = _chosen(settings, asked)
    if not flags.quiet:
        platforms.say(chosen.notes)
    own = per_platform(settings)
    for variables in (settings.environment, *(found.environment for found in own.values())):
        trust.suspect(variables)
    static = flags.kit.static
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
        libc=_libc(settings, asked, flags.kit.libc),
        sdk=flags.kit.sdk,
        ndk=flags.kit.ndk,
        sysroots=_sysroots(settings, own, chosen.platforms, directory, flags.kit),
        run_tests=_either(flags.run_tests, settings.run_tests),
        outputs=settings.outputs,
        per_platform=own,
    )


def _chosen(settings: Configuration, asked: Asked) -> Chosen:
    try:
        return asked.read(settings.platforms or (LOCAL,))
    except UnsupportedPlatformError as error:
        if asked:
            raise
        raise ConfigurationError(f"{configuration.FILE}: platforms: {error.message}", error.hint) from error


def _libc(settings: Configuration, asked: Asked, flag: str | None) -> str | None:
    """Return the libc that is asked for: by a flag, by a triple, which the configuration may say more precisely, or by that alone."""
    given = asked.libc(flag)
    if given is None or settings.libc is None or flag is not None:
        return given or settings.libc
    return platforms.narrower(given, settings.libc) or given


def _cgo(settings: Configuration, flag: bool | None) -> bool:
    """Return whether Go may use C: by the flag, the key, or the variable that is Go's own word for it.

    :raises ConfigurationError: the configuration says both
    """
    configured = settings.environment.get(_CGO)
    wanted = _SWITCH.get(configured or os.environ.get(_CGO, ""), False) if settings.cgo is None else settings.cgo
    if configured is not None and _SWITCH.get(configured) is not wanted:
        raise ConfigurationError(
            f"{configuration.FILE}: environment: {_CGO} is {configured!r}, and cgo is {str(wanted).lower()}", "keep cgo alone"
        )
    wanted = wanted if flag is None else flag
    for key, own in settings.platform.items():
        if own.environment.get(_CGO, str(int(wanted))) != str(int(wanted)):
            raise ConfigurationError(
                f"{configuration.FILE}: platform.{key}: environment: {_CGO} is {own.environment[_CGO]!r}, and cgo is {str(wanted).lower()}",
                "one build has cgo on or off: leave the variable out",
            )
    return wanted


def per_platform(settings: Configuration) -> dict[Platform, PerPlatform]:
    """Return what is different for single platforms, by platform.

    :raises ConfigurationError: a table for a platform that is unknown, or that stands there twice in two spellings
    """
    words = resources.table().words
    found: dict[Platform, PerPlatform] = {}
    for key, own in settings.platform.items():
        try:
            platform = parse(key, words, local=host.platform(words), typed=True)
        except UnsupportedPlatformError as error:
            raise ConfigurationError(f"{configuration.FILE}: platform.{key}: {error.message}", error.hint) from error
        if platform in found:
            raise ConfigurationError(f"{configuration.FILE}: platform.{key}: {platform} stands there twice", "keep one of the tables")
        found[platform] = own
    return found


def compiler(settings: Configuration, kit: KitOptions) -> str:
    """Return the C compiler that is asked for: by the flag, else by the configuration."""
    return (settings.cc or kit.cc) if kit.cc == AUTO else kit.cc


def _either(flag: bool | None, setting: bool | None) -> bool:
    return bool(setting) if flag is None else flag


def _sysroots(
    settings: Configuration, own: Mapping[Platform, PerPlatform], chosen: tuple[Platform, ...], directory: Path, kit: KitOptions
) -> dict[Platform, Spec | Added]:
    """Return the sysroot of each platform that has one: by the flag, else by the configuration."""
    if kit.no_sysroot:
        return {}
    if kit.sysroot is not None:
        return dict.fromkeys(chosen, Added(kit.sysroot))
    return {platform: spec for platform in chosen if (spec := sysroot(settings, own.get(platform), directory)) is not None}


def sysroot(settings: Configuration, own: PerPlatform | None, directory: Path) -> Spec | Added | None:
    """Return the sysroot that the project wants for a platform; without a distribution this machine's own.

    :param own: what is different for that platform (:func:`per_platform`)
    :param directory: the project's folder, from which the path of a sysroot is read
    :raises ConfigurationError: it names one that is there, and packages
    """
    wanted = settings.sysroot if own is None or own.sysroot is None else own.sysroot
    if wanted is None:
        return None
    if wanted.name is None:
        return Spec(wanted.distribution or release.default(resources.table()), wanted.packages, wanted.updates is not False)
    if wanted.distribution is not None or wanted.packages or wanted.updates is not None:
        raise ConfigurationError(
            f"{configuration.FILE}: sysroot: name is for a sysroot that is there already", "leave the other keys out, or name"
        )
    return Added(str(directory / Path(wanted.name).expanduser()) if named.is_folder(wanted.name) else wanted.name)
