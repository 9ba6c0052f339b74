"""What a user wants of a project: the flags of the command line laid over the configuration, and what is different for single platforms."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xxpy import configuration, host, resources
from xxpy.cli import common
from xxpy.errors import ConfigurationError, UnsupportedPlatformError
from xxpy.language.options import Options
from xxpy.platform import parse
from xxpy.sysroot import Spec, release
from xxpy.toolchain.choice import AUTO

if TYPE_CHECKING:
    from pathlib import Path

    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.platform import Platform


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of a build; what is None or empty leaves the word to the configuration.

    :param output: the folder for the results
    :param arguments: further arguments of the build tool, behind those of the configuration
    """

    output: Path | None = None
    arguments: tuple[str, ...] = ()
    kit: common.KitOptions = field(default_factory=common.KitOptions)
    cgo: bool | None = None
    static: bool | None = None
    run_tests: bool | None = None


def options(settings: Configuration, directory: Path, platforms: tuple[str, ...], flags: Flags) -> Options:
    """Return the build of the project in *directory* as it was asked for.

    :param platforms: the lists of ``--platform``; without one those of the configuration, or else this machine
    :raises UnsupportedPlatformError: malformed, unknown, or a glob that matches nothing
    :raises ConfigurationError: a table for a platform that is unknown, or that stands there twice
    """
    lists = platforms or settings.platforms or ("local",)
    named = [item for text in lists for item in text.split(",") if item != "all" and "*" not in item]
    try:
        chosen = common.read_platforms(lists)
    except UnsupportedPlatformError as error:
        if platforms:
            raise
        raise ConfigurationError(f"{configuration.FILE}: platforms: {error.message}", error.hint) from error
    own = per_platform(settings)
    return Options(
        platforms=chosen,
        named=frozenset(common.read_platforms(named)) if named else frozenset(),
        output=(flags.output or directory / (settings.output or "dist")).absolute(),
        environment={**os.environ, **settings.environment},
        packages=settings.packages,
        arguments=(*settings.arguments, *flags.arguments),
        typed=flags.arguments,
        cgo=_either(flags.cgo, settings.cgo),
        static=_either(flags.static, settings.static),
        cc=compiler(settings, flags.kit),
        libc=flags.kit.libc or settings.libc,
        sdk=flags.kit.sdk,
        ndk=flags.kit.ndk,
        sysroots={platform: spec for platform in chosen if (spec := sysroot(settings, own.get(platform))) is not None},
        run_tests=_either(flags.run_tests, settings.run_tests),
        outputs=settings.outputs,
        per_platform=own,
    )


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


def compiler(settings: Configuration, kit: common.KitOptions) -> str:
    """Return the C compiler that is asked for: by the flag, else by the configuration."""
    return (settings.cc or kit.cc) if kit.cc == AUTO else kit.cc


def _either(flag: bool | None, setting: bool | None) -> bool:
    return bool(setting) if flag is None else flag


def sysroot(settings: Configuration, own: PerPlatform | None) -> Spec | None:
    """Return the sysroot that the project wants for a platform; without a distribution this machine's own.

    :param own: what is different for that platform (:func:`per_platform`)
    """
    wanted = settings.sysroot if own is None or own.sysroot is None else own.sysroot
    if wanted is None:
        return None
    return Spec(wanted.distribution or release.default(resources.table()), wanted.packages, wanted.updates is not False)
