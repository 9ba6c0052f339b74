"""Which sysroots a build uses: named ones, packages, or packages that it finds out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from xxpy import configuration
from xxpy.errors import ConfigurationError, UsageError
from xxpy.machine import resources
from xxpy.sysroot import AUTO, Added, Automatic, Spec, named, release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.configuration import Configuration, PerPlatform
    from xxpy.table.platform import Platform

Wanted: TypeAlias = Spec | Added | Automatic
"""A sysroot that a project or a user wants."""


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


def automatic(wanted_: Mapping[Platform, Wanted]) -> frozenset[Platform]:
    """Return the platforms whose packages the build finds out."""
    return frozenset(
        platform for platform, found in wanted_.items() if isinstance(found, Automatic)
    )


def known(
    wanted_: Mapping[Platform, Wanted], libc: str | None, finding: Finding | None
) -> dict[Platform, Spec | Added]:
    """Return the sysroots as far as they are known.

    :raises UsageError: the command cannot find out packages
    """
    found: dict[Platform, Spec | Added] = {}
    for platform, one in wanted_.items():
        if not isinstance(one, Automatic):
            found[platform] = one
            continue
        if finding is None:
            raise UsageError(
                "only a build finds out the packages of the sysroot auto",
                "xxpy build --sysroot auto --save writes them to xxpy.toml, where every command"
                " reads them",
            )
        spec = finding.spec(platform, one.start, libc)
        if spec is not None:
            found[platform] = spec
    return found


def wanted(
    settings: Configuration,
    own: Mapping[Platform, PerPlatform],
    chosen: tuple[Platform, ...],
    directory: Path,
    flag: str | None,
) -> dict[Platform, Wanted]:
    """Return the sysroots of platforms: that of the flag, or else those of the configuration.

    :param flag: the value of ``--sysroot``, or None
    """
    if flag is not None and flag != AUTO:
        return dict.fromkeys(chosen, Added(flag))
    configured = {
        platform: spec
        for platform in chosen
        if (spec := sysroot(settings, own.get(platform), directory)) is not None
    }
    if flag is None:
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
    found = settings.sysroot if own is None or own.sysroot is None else own.sysroot
    if found is None:
        return None
    if found.name == AUTO:
        if found.distribution is None and (found.packages or found.updates is not None):
            raise ConfigurationError(
                f"{configuration.FILE}: sysroot: packages and updates need a distribution",
                'add distribution = "debian:bookworm", or the release that you mean',
            )
        return Automatic(None if found.distribution is None else _spec(found))
    if found.name is None:
        return _spec(found)
    if found.distribution is not None or found.packages or found.updates is not None:
        raise ConfigurationError(
            f"{configuration.FILE}: sysroot: name means an existing sysroot, without other keys",
            "remove name, or the other keys",
        )
    return Added(
        str(directory / Path(found.name).expanduser())
        if named.is_folder(found.name)
        else found.name
    )


def _spec(found: configuration.Sysroot) -> Spec:
    """Return the packages that a configuration names."""
    return Spec(
        found.distribution or release.default(resources.table()),
        found.packages,
        found.updates is not False,
    )
