"""Check values of ``xxpy.toml`` that are wrong for every command, whether or not it uses them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from xxpy import configuration
from xxpy.errors import ConfigurationError, UnsupportedPlatformError, UsageError
from xxpy.language import detect
from xxpy.machine import facts, resources
from xxpy.sysroot import release
from xxpy.table import libc as c_library
from xxpy.table.platform import parse
from xxpy.table.platform_list import read_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.configuration import Configuration, Sysroot


def check(settings: Configuration) -> None:
    """Check the language, the libc, and the platforms and distributions of tables.

    :raises ConfigurationError: one is unknown
    """
    words = resources.table().words
    local = facts.platform(words)
    if settings.language is not None:
        with _key("language"):
            detect.check(settings.language)
    if settings.libc is not None:
        with _key("libc"):
            c_library.read(settings.libc)
    _check_sysroot("sysroot", settings.sysroot)
    for name, own in settings.platform.items():
        with _key(f"platform.{name}"):
            parse(name, words, local=local, typed=True)
        _check_sysroot(f"platform.{name}: sysroot", own.sysroot)
    for name, node in settings.node.items():
        if node.platforms:
            with _key(f"node.{name}: platforms"):
                read_list(node.platforms, words, local=local, typed=True)


def _check_sysroot(key: str, wanted: Sysroot | None) -> None:
    """Check the name of a distribution."""
    if wanted is not None and wanted.distribution is not None:
        with _key(f"{key}: distribution"):
            release.check(wanted.distribution, resources.table())


@contextmanager
def _key(name: str) -> Iterator[None]:
    """Turn the errors of a value into those of its key."""
    try:
        yield
    except (UsageError, UnsupportedPlatformError) as error:
        raise ConfigurationError(
            f"{configuration.FILE}: {name}: {error.message}", error.hint
        ) from error
