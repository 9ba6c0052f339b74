"""What several commands share: the platform options and the way they are read."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from xxpy import files, resources
from xxpy.errors import UnsupportedPlatformError
from xxpy.platform import Platform, parse, parse_list
from xxpy.rows import GROUPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xxpy.kit import Kit
    from xxpy.rows import Row

_REST: Final = "xxpy.rest"
_TRIPLES: Final = ("triple", "gnu-triple", "clang-target", "rust-target", "zig-target", "debian-triple")
"""Names of a platform that people take for its own."""
_Command = TypeVar("_Command", bound="Callable[..., Any]")


def platforms_option(command: _Command) -> _Command:
    """Add ``--platform LIST``, which may be repeated; the parameter is ``platforms``."""
    return click.option(
        "--platform",
        "-p",
        "platforms",
        multiple=True,
        metavar="LIST",
        help="Platforms, comma-separated; linux/* and all are lists too. May be repeated.",
    )(command)


def platform_option(command: _Command) -> _Command:
    """Add ``--platform P``; the parameter is ``platform`` and is None where it is not given."""
    return click.option("--platform", "-p", metavar="P", help="The platform, such as linux/arm/v7; without it this machine's.")(command)


def json_option(command: _Command) -> _Command:
    """Add ``--json``; the parameter is ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


@dataclass(frozen=True, slots=True)
class KitOptions:
    """What a user says of the compiler: the flags that every command which makes a kit has.

    :param cc: clang, gcc, zig or auto
    :param libc: ``gnu``, ``musl``, ``gnu.2.28``, or None
    :param sdk: the folder of Apple's SDK, or None
    :param ndk: the folder of Android's NDK, or None
    """

    cc: str = "auto"
    libc: str | None = None
    sdk: Path | None = None
    ndk: Path | None = None

    def make(self, platform: Platform) -> Kit:
        """Return the kit for a platform, made if it is not there; what is not said here the configuration in this folder says.

        :raises ToolError: no compiler can build for it
        :raises XxpyError: the configuration is wrong, or the sysroot that it wants cannot be made
        """
        from xxpy import configuration, kit, sysroot  # noqa: PLC0415 - only for the commands that need a compiler
        from xxpy.cli import wishes  # noqa: PLC0415 - likewise
        from xxpy.toolchain.compiler import Wanted, read_libc  # noqa: PLC0415 - likewise

        settings = configuration.load(Path.cwd())
        libc = self.libc or settings.libc
        name, floor = (None, None) if libc is None else read_libc(libc)
        environment = dict(os.environ)
        table = resources.table()
        target = kit.target(table, platform, name, environment)
        root = sysroot.wanted(wishes.sysroot(settings, wishes.per_platform(settings).get(platform)), target, table)
        return kit.make(Wanted(target, floor, root, sdk=self.sdk, ndk=self.ndk), environment, wishes.compiler(settings, self), tell)

    def environment(self, platform: Platform, environment: Mapping[str, str], *, lenient: bool = False) -> dict[str, str]:
        """Return *environment* with what builds for a platform see; without a compiler for it, one line on stderr says so.

        :param lenient: likewise where the kit cannot be written
        :raises ToolError: a compiler was asked for and cannot do it
        :raises OutputError: the kit cannot be written
        """
        from xxpy import host  # noqa: PLC0415 - likewise
        from xxpy.errors import OutputError, ToolError  # noqa: PLC0415 - likewise
        from xxpy.target import build_environment, resolve  # noqa: PLC0415 - likewise

        try:
            return self.make(platform).variables(environment)
        except (ToolError, OutputError) as error:
            if self != KitOptions() or (isinstance(error, OutputError) and not lenient):
                raise
            click.echo(f"note: {error.message}, CC is not set (xxpy kit show --platform {platform} says why)", err=True)
            return {**environment, **build_environment(resolve(resources.table(), platform, host.release().id))}


def tell(text: str) -> None:
    """Say on stderr that something slow has begun."""
    click.echo(f"note: {text}", err=True)


def kit_options(command: _Command) -> _Command:
    """Add ``--cc``, ``--libc``, ``--sdk`` and ``--ndk``; the parameter is ``options``, a :class:`KitOptions`."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)

    @click.option("--cc", default="auto", show_default=True, metavar="NAME", help="The C compiler: auto, clang, gcc or zig.")
    @click.option("--libc", metavar="NAME", help="gnu, musl, or gnu.2.28 for the oldest glibc that programs run on.")
    @click.option("--sdk", type=folder, metavar="DIR", help="Apple's SDK, for darwin.")
    @click.option("--ndk", type=folder, envvar="ANDROID_NDK_HOME", metavar="DIR", help="Android's NDK, for android.")
    @functools.wraps(command)
    def wrapped(*arguments: Any, cc: str, libc: str | None, sdk: Path | None, ndk: Path | None, **options: Any) -> Any:  # noqa: ANN401 - click's
        return command(*arguments, options=KitOptions(cc, libc, sdk, ndk), **options)

    return wrapped  # type: ignore[return-value]


def read_platform(text: str | None) -> Platform:
    """Return the platform that *text* names in any spelling that people type; None and ``local`` are this machine.

    :raises UnsupportedPlatformError: malformed or unknown
    """
    from xxpy import host  # noqa: PLC0415 - asks the machine only for the commands that need it

    words = resources.table().words
    if text is None or text == "local":
        return host.platform(words)
    try:
        return parse(text, words, local=host.platform(words), typed=True)
    except UnsupportedPlatformError as error:
        raise _with_platform_of(text, error) from error


def read_platforms(texts: Iterable[str]) -> tuple[Platform, ...]:
    """Return the platforms that the lists in *texts* name, without doubles, in their order.

    :raises UnsupportedPlatformError: malformed, unknown, or a glob that matches nothing
    """
    from xxpy import host  # noqa: PLC0415 - likewise

    words = resources.table().words
    listed = tuple(texts)
    try:
        return parse_list(listed, words, local=host.platform(words), typed=True)
    except UnsupportedPlatformError as error:
        faulty = next((word for text in listed for word in text.split(",") if word and word in error.message), "")
        raise _with_platform_of(faulty, error) from error


def _with_platform_of(word: str, error: UnsupportedPlatformError) -> UnsupportedPlatformError:
    """Return *error* with the platform as its hint, where *word* is a platform's triple."""
    from xxpy.target import LIBC_VARIABLE, QUERIES, resolve  # noqa: PLC0415 - only for what is wrong

    if "-" not in word:
        return error
    table = resources.table()
    for row in table.rows.values():
        for libc in ("gnu", "musl"):
            target = resolve(table, row.platform, "debian", variables={LIBC_VARIABLE: libc if row.triple.libc else ""})
            if word in {QUERIES[name].value(target) for name in _TRIPLES}:
                return UnsupportedPlatformError(error.message, f"that is a triple; the platform is {row.platform}")
    return error


class WithRest(click.Command):
    """A command that takes what stands behind ``--`` apart from its own arguments; :func:`rest` returns it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words behind ``--`` away before click mixes them with the arguments."""
        if "--" in args:
            place = args.index("--")
            ctx.meta[_REST] = tuple(args[place + 1 :])
            args = args[:place]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Show them in the usage line."""
        return [*super().collect_usage_pieces(ctx), "[-- ARGUMENTS...]"]


def rest(ctx: click.Context) -> tuple[str, ...]:
    """Return what stood behind ``--``."""
    found: tuple[str, ...] = ctx.meta.get(_REST, ())
    return found


def json_text(value: object) -> str:
    """Return one JSON document, indented, with its keys in the order given."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def print_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(json_text(value), nl=False)


def write_or_print(output: Path | None, text: str) -> None:
    """Write *text* to the file that the user named, whole or not at all, or print it.

    :raises OutputError: the file cannot be written
    """
    if output is None:
        click.echo(text, nl=False)
    else:
        files.write(output, text)


def groups(row: Row) -> dict[str, dict[str, object]]:
    """Return a row as JSON shows it: group by group, key by key, without what is absent."""
    found: dict[str, dict[str, object]] = {}
    for name in GROUPS:
        group = getattr(row, name)
        if group is not None:
            values = {field.name: getattr(group, field.name) for field in fields(group)}
            found[name] = {key: dict(value) if isinstance(value, Mapping) else value for key, value in values.items() if value is not None}
    return found
