"""``xxpy verify``: say whether a file is a binary for a platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xxpy import resources
from xxpy.binary.verify import Requirements, check
from xxpy.cli import common
from xxpy.errors import UsageError, VerificationError
from xxpy.platform import parse_folder

if TYPE_CHECKING:
    from xxpy.platform import Platform


@click.command(
    epilog="""\b
Examples:
  xxpy verify --platform linux/arm64 --static server
  xxpy verify dist/linux_arm64/server dist/windows_amd64/server.exe
  xxpy verify --tree dist"""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@common.platform_option
@click.option(
    "--tree",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="Check every binary below DIR. May be repeated.",
)
@click.option("--static", is_flag=True, help="Refuse programs for Linux and the BSDs that are not static; no effect on others.")
@click.option("--libc", type=click.Choice(["gnu", "musl"]), help="Refuse programs whose interpreter is of another libc.")
@common.json_option
def command(
    files: tuple[Path, ...],
    platform: str | None,
    tree: tuple[Path, ...],
    libc: str | None,
    *,
    static: bool,
    as_json: bool,
) -> None:
    """Check that FILES are binaries that run on a platform.

    Operating system, architecture, byte order and linkage are read from the headers of ELF, Mach-O, PE and WebAssembly files and of every
    member of an archive. Without --platform a file in a folder such as linux_arm64 is for that platform, any other for this machine.
    The exit status is 6 if any file does not suit.
    """
    chosen = [*files, *(path for folder in tree for path in _binaries(folder))]
    if not chosen:
        raise UsageError("no file to verify", "xxpy verify FILE…, or --tree DIR")
    table = resources.table()
    given = None if platform is None else common.read_platform(platform)
    verdicts = []
    for path in chosen:
        wanted = given or _from_folder(path) or common.read_platform(None)
        verdicts.append((path, wanted, check(path, table.row(wanted), table, Requirements(static, libc))))
    if as_json:
        common.print_json(
            [
                {"file": str(path), "platform": str(wanted), "ok": not reasons, "reasons": list(reasons)}
                for path, wanted, reasons in verdicts
            ]
        )
    else:
        width = max(len(str(wanted)) for _, wanted, _ in verdicts)
        for path, wanted, reasons in verdicts:
            click.echo(f"{wanted!s:<{width}}  {'✗' if reasons else '✓'}  {path}")
            for reason in reasons:
                click.echo(f"{'':<{width}}     {reason.removeprefix(f'{path}: ')}")
    failed = sum(1 for *_, reasons in verdicts if reasons)
    if failed:
        raise VerificationError(f"{failed} of {len(verdicts)} files are not what they should be", "xxpy inspect FILE shows what a file is")


def _binaries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"no such folder: {folder}", "--tree takes a folder such as dist")
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    if not found:
        raise VerificationError(f"no files below {folder}")
    return found


def _from_folder(path: Path) -> Platform | None:
    """Return the platform that the nearest folder above a file is named for, or None."""
    words = resources.table().words
    return next((found for parent in path.parents if (found := parse_folder(parent.name, words))), None)
