"""The options for platforms: ``--platform``, ``--variants`` and ``--target``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xxpy.cli import printing
from xxpy.request.platforms import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_Command = TypeVar("_Command", bound="Callable[..., Any]")


def say(notes: Iterable[str]) -> None:
    """Print notes to stderr, such as how an incomplete platform was read."""
    for note in notes:
        printing.note(note)


def platforms_option(*, targets: bool = True) -> Callable[[_Command], _Command]:
    """Add ``--platform LIST``, ``--variants`` and ``--target``; the parameter is ``asked``."""

    def decorate(command: _Command) -> _Command:
        """Add the options to a command."""

        @click.option(
            "--variants",
            is_flag=True,
            help="Include every variant of each architecture in linux/* and all.",
        )
        @click.option(
            "--platform",
            "-p",
            "lists",
            multiple=True,
            metavar="LIST",
            help="Platforms, comma-separated, with linux/*, all and exclusions such as !linux/386."
            " May be repeated.",
        )
        @functools.wraps(command)
        def wrapped(
            *arguments: Any,  # noqa: ANN401 - likewise
            lists: tuple[str, ...],
            variants: bool,
            triples: tuple[str, ...] = (),
            **options: Any,  # noqa: ANN401 - likewise
        ) -> Any:  # noqa: ANN401 - click's
            return command(*arguments, asked=Asked(lists, triples, variants), **options)

        return _triples(wrapped, multiple=True) if targets else wrapped  # type: ignore[return-value]

    return decorate


def one_platform_option(command: _Command) -> _Command:
    """Add ``--platform P`` and ``--target TRIPLE`` for one platform; the parameter is ``asked``."""

    @click.option(
        "--platform",
        "-p",
        metavar="P",
        help="Platform, such as linux/arm/v7.  [default: this machine's]",
    )
    @functools.wraps(command)
    def wrapped(*arguments: Any, platform: str | None, triple: str | None, **options: Any) -> Any:  # noqa: ANN401 - click's
        asked = Asked(() if platform is None else (platform,), () if triple is None else (triple,))
        return command(*arguments, asked=asked, **options)

    return _triples(wrapped, multiple=False)  # type: ignore[return-value]


def _triples(command: Callable[..., Any], *, multiple: bool) -> Callable[..., Any]:
    name, more = ("triples", " May be repeated.") if multiple else ("triple", "")
    text = (
        "Platform and C library as a triple of Rust, GNU or zig, such as"
        f" aarch64-unknown-linux-musl.{more}"
    )
    return click.option("--target", name, multiple=multiple, metavar="TRIPLE", help=text)(command)
