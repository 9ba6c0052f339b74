"""``xxpy verify``: check that files are binaries for a platform."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xxpy import configuration
from xxpy.binary import tree as trees
from xxpy.binary.requirements import unchecked
from xxpy.binary.verify import check
from xxpy.cli import common, printing
from xxpy.configuration import Verification
from xxpy.errors import UsageError, VerificationError
from xxpy.machine import resources
from xxpy.request import build as request
from xxpy.table import libc as c_library
from xxpy.table.platform import parse_folder
from xxpy.versions import dotted

if TYPE_CHECKING:
    from xxpy.table.platform import Platform


_Verdict = tuple[Path, "Platform", tuple[str, ...]]
"""A file, the platform that it should be for, and what is wrong with it."""


def _version(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """Return a version such as 2.28 as it was written, checked."""
    try:
        dotted(value or "")
    except ValueError as error:
        if value is not None:
            raise click.BadParameter(str(error)) from error
    return value


@click.command(
    epilog="""\b
Examples:
  xxpy verify --platform linux/arm64 --static server
  xxpy verify dist/linux_arm64/server dist/windows_amd64/server.exe
  xxpy verify --tree dist --glibc-max 2.28 --macos-max 11.0
  xxpy verify --needed-allow 'libc.so.*,libm.so.*' --no-rpath libanswer.so"""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False))
@common.platform_option
@click.option(
    "--tree",
    "folders",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Check every binary below DIR. May be repeated.",
)
@click.option(
    "--static/--no-static",
    default=None,
    help="Refuse programs for Linux and the BSDs that are not static.",
)
@click.option(
    "--libc",
    type=click.Choice(c_library.CHOICES),
    help="Refuse programs whose interpreter is another libc's.",
)
@click.option(
    "--glibc-max",
    callback=_version,
    metavar="V",
    help="Refuse binaries that need a glibc newer than V, such as 2.28.",
)
@click.option(
    "--macos-max",
    callback=_version,
    metavar="V",
    help="Refuse binaries that need a macOS newer than V, such as 11.0.",
)
@click.option(
    "--float",
    "float_",
    type=click.Choice(["hard", "soft"]),
    help="Refuse binaries that state another float ABI.",
)
@click.option(
    "--x86-64-level",
    type=click.Choice(["v1", "v2", "v3", "v4"]),
    help="Refuse binaries that state a higher level, in headers or Go's settings.",
)
@click.option("--no-rpath/--rpath", default=None, help="Refuse binaries with a run path.")
@click.option(
    "--needed-allow",
    metavar="LIST",
    multiple=True,
    help="Refuse binaries that need other libraries; patterns such as libc.so.*, comma-separated.",
)
@common.json_option
def command(  # noqa: PLR0917 - one parameter an option
    files: tuple[Path, ...],
    platform: str | None,
    folders: tuple[Path, ...],
    libc: str | None,
    glibc_max: str | None,
    macos_max: str | None,
    float_: str | None,
    x86_64_level: str | None,
    needed_allow: tuple[str, ...],
    *,
    static: bool | None,
    no_rpath: bool | None,
    as_json: bool,
) -> None:
    """Check that FILES are binaries that run on a platform.

    The operating system, architecture, byte order and linkage are read from the headers of ELF,
    Mach-O, PE and WebAssembly files, and of every member of an archive or wheel. Without
    --platform, a file in a folder such as linux_arm64 must be for that platform, and any other for
    this machine. Requirements can also be in xxpy.toml under [verify]. The exit status is 6 if a
    file does not suit.
    """
    found = [_below(folder) for folder in folders]
    chosen = [*files, *(path for paths, _ in found for path in paths)]
    if not chosen:
        raise UsageError("no file to verify", "xxpy verify FILE…, or --tree DIR")
    allowed = tuple(word for text in needed_allow for word in text.split(",") if word)
    libraries = allowed if needed_allow else None
    flags = Verification(
        static, libc, glibc_max, macos_max, float_, x86_64_level, no_rpath, libraries
    )
    settings = configuration.load(Path.cwd())
    own = {key: found.verify for key, found in request.per_platform(settings).items()}
    table = resources.table()
    given = None if platform is None else common.read_platform(platform)
    verdicts = []
    demands = []
    for path in chosen:
        wanted = given or _from_folder(path) or common.read_platform(None)
        demanded = configuration.requirements(settings.verify, own.get(wanted), flags)
        demands.append((table.row(wanted), demanded))
        verdicts.append((path, wanted, check(path, table.row(wanted), table, demanded)))
    if as_json:
        printing.print_json(_document(verdicts))
    else:
        _print(verdicts, sum(others for _, others in found))
        for note in unchecked(demands):
            printing.note(note)
    failed = sum(1 for *_, reasons in verdicts if reasons)
    if failed:
        raise VerificationError(
            f"{failed} of {len(verdicts)} files failed verification",
            "xxpy inspect FILE shows what a file is",
        )


def _document(verdicts: list[_Verdict]) -> list[dict[str, object]]:
    """Return the verdicts for JSON."""
    return [
        {"file": str(path), "platform": str(wanted), "ok": not reasons, "reasons": list(reasons)}
        for path, wanted, reasons in verdicts
    ]


def _print(verdicts: list[_Verdict], others: int) -> None:
    """Print a line for each file, followed by what is wrong with it."""
    width = max(len(str(wanted)) for _, wanted, _ in verdicts)
    for path, wanted, reasons in verdicts:
        printing.show(f"{wanted!s:<{width}}  {'✗' if reasons else '✓'}  {path}")
        for reason in reasons:
            printing.show(
                f"{'':<{width}}     {reason.removeprefix(f'{path}: ').removeprefix(str(path))}"
            )
    if others:
        printing.show(f"{others} other files are not binaries and were skipped")


def _below(folder: Path) -> tuple[list[Path], int]:
    """Return the binaries below a folder, and the number of other files."""
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}", "--tree takes a folder such as dist")
    rows = resources.table().rows.values()
    suffixes = {
        suffix
        for row in rows
        for suffix in (row.file.program_suffix, row.file.library_suffix, row.file.archive_suffix)
    }
    found, others = trees.binaries(folder, frozenset(suffixes) - {""})
    if not found:
        raise VerificationError(f"no binaries below {folder}")
    return found, others


def _from_folder(path: Path) -> Platform | None:
    """Return the platform that the nearest folder above a file is named for, or None."""
    return next(
        (found for parent in path.absolute().parents if (found := _named(parent.name))), None
    )


@cache
def _named(folder: str) -> Platform | None:
    return parse_folder(folder, resources.table().words)
