"""``xxpy run``: run a program of any platform, natively or under an emulator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xxpy import sysroot
from xxpy.binary import inspect
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.cli import common
from xxpy.cli.exec import become
from xxpy.compiler.compiler import Wanted
from xxpy.errors import ToolError, UsageError, VerificationError
from xxpy.kit import emulation, model
from xxpy.language import project
from xxpy.machine import facts, resources
from xxpy.request import build as request
from xxpy.request import sysroots

if TYPE_CHECKING:
    from xxpy.sysroot import Sysroot
    from xxpy.table.model import Table
    from xxpy.table.platform import Platform
    from xxpy.table.target import Target

_ROOT: Final = "QEMU_LD_PREFIX"
"""QEMU's variable for the folder with the loader and the libraries of the target."""


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="""\b
Examples:
  xxpy run dist/linux_arm64/server --version
  xxpy run --platform linux/arm/v7 ./tool -- -v""",
)
@common.platform_option
@click.argument("program", type=click.Path(path_type=Path))
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENTS]...")
@click.pass_context
def command(
    ctx: click.Context, platform: str | None, program: Path, words: tuple[str, ...]
) -> None:
    """Run PROGRAM natively or under QEMU's user mode, wine or wasmtime, with its exit status.

    The platform is read from the program unless --platform names it. Shared libraries come from the
    sysroot in this folder's xxpy.toml, or else from the one that was last added for the platform.
    """
    common.check_command(ctx, str(program))
    if not program.is_file():
        raise UsageError(
            f"no such file: {program}",
            "name a program, such as one in dist, built by xxpy build",
        )
    table = resources.table()
    chosen = _platform_of(program) if platform is None else common.read_platform(platform)
    reasons = check(program, table.row(chosen), table, Requirements())
    if reasons:
        raise VerificationError(f"{program} is not a binary for {chosen}: {reasons[0]}")
    environment = dict(os.environ)
    target = model.target(table, chosen, None, environment)
    wanted = Wanted(target, sysroot=_libraries(target, table))
    emulator = emulation.find(wanted, environment)
    variables = {**emulation.quieting(target), **environment}
    if emulator is None and emulation.by_kernel(target):
        root = emulation.library_root(wanted)
        variables = {**({} if root is None else {_ROOT: str(root)}), **variables}
        emulator = ()
    if emulator is None:
        raise ToolError(
            f"nothing on this machine runs programs for {chosen}",
            emulation.remedy(target) or "run it on a machine of that platform",
        )
    _check_loader(program, wanted)
    become([*emulator, str(program.absolute()), *words], variables)


def _check_loader(program: Path, wanted: Wanted) -> None:
    """Check that the emulator finds the loader of a dynamic program.

    :raises ToolError: it is missing
    """
    loader = inspect(program)[0].interpreter
    missing = emulation.lacking(wanted, loader) if loader else ""
    if missing:
        platform = wanted.target.platform
        raise ToolError(
            f"{program} does not run on this machine: {missing}",
            "link it statically, or add the package with the loader: "
            f"xxpy sysroot add --platform {platform} PACKAGE, such as libc6 or musl",
        )


def _libraries(target: Target, table: Table) -> Sysroot | None:
    """Return the sysroot for a foreign program; a project's own is made if needed.

    :raises XxpyError: the configuration is wrong, or the sysroot cannot be made
    """
    if not target.is_cross:
        return sysroot.find(target)
    place = project.locate(Path()).whole()
    settings = place.settings()
    own = request.per_platform(settings).get(target.row.platform)
    return sysroot.wanted(
        sysroots.sysroot(settings, own, place.root), target, table
    ) or sysroot.find(target)


def _platform_of(program: Path) -> Platform:
    """Return the platform that a binary is for: this machine's, or else the first that suits.

    :raises VerificationError: it suits none, or is not a binary
    """
    table = resources.table()
    own = facts.platform(table.words)
    reasons: tuple[str, ...] = ()
    for row in (table.row(own), *table.rows.values()):
        reasons = check(program, row, table, Requirements())
        if not reasons:
            return row.platform
    raise VerificationError(reasons[0], "name its platform: --platform P")
