"""``xxpy cache``: how large the cache is, and what is removed from it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from xxpy.cli import common, printing
from xxpy.cli.report.text import megabytes
from xxpy.errors import OutputError, XxpyError
from xxpy.machine import pruning, resources
from xxpy.sysroot import named, store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xxpy.machine.pruning import Pruned, Unit

_DAY: Final = 86400


@click.group(
    epilog="""\b
Examples:
  xxpy cache info
  xxpy cache prune --max-size 5G
  xxpy cache clear"""
)
def command() -> None:
    """Show the size of the cache, prune it or clear it.

    The cache is xxpy in XDG_CACHE_HOME, or in ~/.cache. A build prunes it once a day when it is
    larger than XXPY_CACHE_SIZE, 20G without it: what was not used for longest goes first.
    """


@command.command(epilog="Example: xxpy cache info --json")
@common.json_option
def info(*, as_json: bool) -> None:
    """Show where the cache is, how large it is, and what is in it."""
    most = pruning.limit()
    found = pruning.units()
    sizes = {
        kind.name: sum(unit.size for unit in found if unit.kind is kind) for kind in pruning.KINDS
    }
    if as_json:
        printing.print_json({
            "path": str(resources.cache_path("")),
            "size": sum(sizes.values()),
            "max_size": most,
            "kinds": sizes,
        })  # fmt: skip
        return
    printing.show(resources.cache_path(""))
    for kind in pruning.KINDS:
        printing.show(f"  {kind.name:<10} {megabytes(sizes[kind.name]):>10}  {kind.meaning}")
    bound = "no limit" if most is None else f"at most {megabytes(most)}"
    printing.show(f"  {'all':<10} {megabytes(sum(sizes.values())):>10}  {bound}")


@command.command(epilog="Example: xxpy cache prune --max-size 5G --older-than 30 --dry-run")
@click.option(
    "--max-size",
    metavar="SIZE",
    help="Bytes to keep, such as 500M or 20G.  [default: XXPY_CACHE_SIZE, else 20G]",
)
@click.option(
    "--older-than",
    type=click.IntRange(0),
    metavar="DAYS",
    help="Also remove what was not used for this long.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@common.json_option
def prune(max_size: str | None, older_than: int | None, *, dry_run: bool, as_json: bool) -> None:
    """Remove what was not used for longest, until the cache is small enough.

    What a running command uses stays, and so do sysroots that you have added or imported.
    """
    before = 0.0 if older_than is None else time.time() - older_than * _DAY
    done = pruning.prune(
        pruning.units(),
        pruning.limit(max_size),
        before=before,
        kept=_is_added,
        forget=_forget,
        dry=dry_run,
    )
    if as_json:
        printing.print_json(_document(done))
        return
    would = "would remove" if dry_run else "removed"
    for unit in done.removed:
        printing.show(f"{would} {unit.path} ({megabytes(unit.size)})")
    printing.show(f"{would} {_total(done.removed)}; {megabytes(done.left)} left")
    if done.held:
        printing.note(f"in use, and kept: {_total(done.held)}")


@command.command(epilog="Example: xxpy cache clear")
@common.json_option
def clear(*, as_json: bool) -> None:
    """Remove everything from the cache, sysroots that you have added too.

    What a running command uses stays, and is an error. The next builds make and download what they
    need again.
    """
    found = pruning.units()
    done = pruning.prune(found, None, forget=_forget, every=True)
    if as_json:
        printing.print_json(_document(done))
    else:
        printing.show(f"removed {_total(done.removed)}")
    if done.held:
        raise OutputError(
            f"in use, and still there: {_total(done.held)}",
            "clear again when the builds have ended",
        )


def prune_quietly(*, silent: bool) -> None:
    """Prune a cache over its bound; a failure does not affect the build."""
    try:
        done = pruning.prune(pruning.units(), pruning.limit(), kept=_is_added, forget=_forget)
    except (OSError, XxpyError) as error:
        printing.note(f"the cache was not pruned: {error}")
        return
    if done.removed and not silent:
        printing.note(
            f"removed {_total(done.removed)} from the cache, the least recently used first:"
            " xxpy cache info",
        )


def _is_added(unit: Unit) -> bool:
    """Whether a unit is a sysroot that somebody added or imported, which no build makes again."""
    if unit.kind.name != "sysroots":
        return False
    return any(named.PROJECT not in link.name for link in store.names_of(unit.path))


def _forget(path: Path) -> None:
    """Remove the names of a sysroot before its tree."""
    if path.parent == resources.cache_path(store.TREES):
        for link in store.names_of(path):
            link.unlink(missing_ok=True)


def _total(units: Iterable[Unit]) -> str:
    listed = list(units)
    count = len(listed)
    size = megabytes(sum(unit.size for unit in listed))
    return f"{count} item{'' if count == 1 else 's'}, {size}"


def _document(done: Pruned) -> dict[str, object]:
    return {
        "removed": [_unit(unit) for unit in done.removed],
        "in_use": [_unit(unit) for unit in done.held],
        "left": done.left,
    }


def _unit(unit: Unit) -> dict[str, object]:
    return {"kind": unit.kind.name, "path": str(unit.path), "size": unit.size}
