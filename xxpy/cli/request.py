"""The options that say how to build, the same in ``xxpy build`` and ``xxpy exec``."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xxpy.cli import printing
from xxpy.cli.platform_options import one_platform_option, say
from xxpy.compiler.registry import AUTO, CHOICES
from xxpy.request.build import KitOptions
from xxpy.request.platforms import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.kit.model import Kit
    from xxpy.language.options import Options
    from xxpy.language.place import Place
    from xxpy.table.platform import Platform

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def place_options(command: _Command) -> _Command:
    """Add ``--chdir DIR`` and ``--config FILE``; the parameter is ``config``.

    The former takes effect before anything that names a file.
    """
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    file = click.Path(path_type=Path)
    command = click.option(
        "--config",
        type=file,
        metavar="FILE",
        help="Configuration file.  [default: the project's xxpy.toml]",
    )(command)
    return click.option(
        "--chdir",
        "-C",
        "directory_first",
        type=folder,
        metavar="DIR",
        is_eager=True,
        expose_value=False,
        callback=_go_to,
        help="Change to DIR first.",
    )(command)


def _go_to(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    if value is not None:
        from xxpy.cli import standing  # noqa: PLC0415 - only if it is used

        standing.remember()
        os.chdir(value)


def kit_options(command: _Command) -> _Command:
    """Add the flags of :class:`KitOptions`; the parameter is ``options``."""
    made: Any = _gathered(command)
    for option in reversed(_KIT_OPTIONS):
        made = option(made)
    return made  # type: ignore[no-any-return]


def _gathered(command: _Command) -> _Command:
    """Return a command that gets its flags as :class:`KitOptions`."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - click's
        names = KitOptions.__dataclass_fields__
        own = KitOptions(**{name: options.pop(name) for name in names})
        if own.sysroot is not None and own.no_sysroot:
            raise click.UsageError("--sysroot and --no-sysroot cannot be used together")
        return command(*arguments, options=own, **options)

    return wrapped  # type: ignore[return-value]


_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
_KIT_OPTIONS: Final = (
    click.option(
        "--cc",
        default=AUTO,
        show_default=True,
        metavar="NAME",
        help=f"C compiler: {', '.join(CHOICES)}.",
    ),
    click.option(
        "--libc",
        metavar="NAME",
        help="C library: gnu, musl, or gnu.2.28 for the oldest supported glibc.",
    ),
    click.option("--cgo/--no-cgo", default=None, help="Let Go use C.  [default: no-cgo]"),
    click.option(
        "--static/--no-static",
        default=None,
        help="Fail if a program for Linux or the BSDs is not static.",
    ),
    click.option("--sdk", type=_FOLDER, metavar="DIR", help="Apple's SDK, for darwin."),
    click.option(
        "--ndk",
        type=_FOLDER,
        envvar="ANDROID_NDK_HOME",
        metavar="DIR",
        help="Android's NDK, for android.",
    ),
    click.option(
        "--sysroot",
        metavar="NAME|DIR",
        help="Headers and libraries: a sysroot from xxpy sysroot list, or a folder. With auto, a"
        " build finds out the packages.",
    ),
    click.option(
        "--no-sysroot", is_flag=True, help="Use no sysroot, not even the one in xxpy.toml."
    ),
)
"""The flags of :class:`KitOptions`, in the order of the help."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request of a command for one platform.

    :param options: the requested build, for this platform alone
    :param cxx: whether the project needs, or may need, a C++ compiler
    :param strict: whether something is asked of the compiler, so that a missing one is an error
    """

    platform: Platform
    options: Options
    cxx: bool
    strict: bool

    def kit(self) -> Kit:
        """Return the kit, creating it if needed.

        :raises ToolError: no compiler can build for the platform
        :raises XxpyError: the requested sysroot cannot be made
        """
        from xxpy.language.c import common  # noqa: PLC0415 - likewise
        from xxpy.machine import resources  # noqa: PLC0415 - only for the commands that need a compiler

        table = resources.table().with_rust(self.options.rust)
        return common.kit_for(self.platform, self.options, table, cxx=self.cxx)

    def environment(self, *, lenient: bool = False) -> dict[str, str]:
        """Return the variables of a build for the platform, with a note if no compiler supports it.

        :param lenient: whether a kit that cannot be written is a note, too
        :raises ToolError: something is asked of the compiler, and none can do it
        :raises OutputError: the kit cannot be written
        """
        from xxpy.errors import OutputError, ToolError  # noqa: PLC0415 - likewise
        from xxpy.language import environment  # noqa: PLC0415 - likewise
        from xxpy.machine import resources  # noqa: PLC0415 - likewise

        made = None
        try:
            made = self.kit()
        except (ToolError, OutputError) as error:
            if self.strict or (isinstance(error, OutputError) and not lenient):
                raise
            printing.note(
                f"{error.message}, CC is not set"
                f" (xxpy kit show --platform {self.platform} shows why)",
            )
        table = resources.table().with_rust(self.options.rust)
        return environment.variables(self.platform, made, self.options, table)


def request_options(command: _Command) -> _Command:
    """Add the flags of a command for one platform; the parameter is ``request``."""

    @one_platform_option
    @kit_options
    @place_options
    @functools.wraps(command)
    def wrapped(
        *arguments: Any,  # noqa: ANN401 - likewise
        asked: Asked,
        options: KitOptions,
        config: Path | None,
        **others: Any,  # noqa: ANN401 - likewise
    ) -> Any:  # noqa: ANN401 - click's
        return command(*arguments, request=_request(asked, options, config), **others)

    return wrapped  # type: ignore[return-value]


def _request(asked: Asked, flags: KitOptions, config: Path | None) -> Request:
    """Return the request of a command in the current folder, whether or not it has a project.

    :raises XxpyError: a platform, a flag or the configuration is wrong
    """
    from xxpy.language import project  # noqa: PLC0415 - 30 ms that xxpy info need not pay
    from xxpy.request import build as request  # noqa: PLC0415 - likewise

    place = project.locate(Path()).whole()
    settings = place.settings(config)
    platform = asked.one(say)
    wanted = request.options(
        settings, place.root, Asked((str(platform),), asked.targets), request.Flags(kit=flags), say
    )
    strict = (
        flags != KitOptions()
        or wanted.cgo
        or wanted.static
        or wanted.libc is not None
        or wanted.cc != AUTO
        or bool(wanted.sysroots)
    )
    return Request(platform, replace(wanted, run_tests=False), _needs_cxx(place), strict)


def _needs_cxx(place: Place) -> bool:
    """Whether the project in the current folder has C++, as any may if there is none."""
    from xxpy.language import detect  # noqa: PLC0415 - likewise
    from xxpy.language.c import marks  # noqa: PLC0415 - likewise
    from xxpy.language.registry import LANGUAGES  # noqa: PLC0415 - likewise

    there = detect.found(place.root)
    return not there or (
        any(LANGUAGES[name].build_system for name in there) and marks.has_cxx(place.root)
    )
