"""The sysroots of the cache as ``xxpy sysroot`` finds and shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xxpy import sysroot
from xxpy.cli import common, printing
from xxpy.errors import UsageError
from xxpy.machine import facts as machine
from xxpy.machine import resources
from xxpy.sysroot import store
from xxpy.sysroot.description import document as description
from xxpy.table.resolve import resolve

if TYPE_CHECKING:
    from xxpy.sysroot import Sysroot, check
    from xxpy.table.target import Target

_SHOWN: Final = 20
"""The maximum number of faults that are shown."""


def target_of(platform: str | None) -> Target:
    """Return the target for a platform on the distribution that packages come from."""
    table = resources.table()
    own = machine.release()
    return resolve(
        table, common.read_platform(platform), own.id, build=machine.platform(table.words)
    )


def chosen(target: Target, name: str | None) -> Sysroot:
    """Return the sysroot of this name, or the one that was added last.

    :raises UsageError: there is none
    """
    if name is not None:
        return store.named(target.row, name)
    found = sysroot.find(target) or next(iter(store.all_of(target.row)), None)
    if found is None:
        raise UsageError(
            f"{target.platform} has no sysroot",
            f"xxpy sysroot add --platform {target.platform} libc6-dev",
        )
    return found


def show(verdict: check.Verdict, made: Sysroot, target: Target) -> None:
    """Print the result of a check: its first faults, or what is good."""
    for fault in verdict.faults[:_SHOWN]:
        printing.show(f"{made.name}: {fault}")
    if len(verdict.faults) > _SHOWN:
        printing.show(f"{made.name}: and {len(verdict.faults) - _SHOWN} more")
    if not verdict.faults:
        floor = f", programs run on glibc {made.glibc} and later" if made.glibc else ""
        printing.show(f"{made.name} for {target.platform}: {verdict.files} files{floor}")


def document(made: Sysroot, target: Target) -> dict[str, Any]:
    """Return what ``--json`` prints of a sysroot."""
    return {
        "platform": str(target.platform),
        "name": made.name,
        "path": str(made.path),
        **description(made),
    }
