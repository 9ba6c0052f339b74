"""Find the sysroot that a user names: one that was added or imported, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, UsageError, nearest
from xxpy.sysroot import release, store, transfer

if TYPE_CHECKING:
    from xxpy.sysroot.description import Added, Sysroot
    from xxpy.table.load import Table
    from xxpy.table.target import Target

PROJECT: Final = "."
"""What stands in the names of sysroots that projects want; people cannot name those."""


def shared(target: Target) -> tuple[Sysroot, ...]:
    """Return the sysroots of a target that were added or imported, the last first."""
    return tuple(made for made in store.all_of(target.row) if PROJECT not in made.name)


def resolve(added: Added, target: Target, table: Table) -> Sysroot | None:
    """Return the sysroot of this name for a target; None where the name is a distribution's, and none has packages for the system.

    :raises UsageError: there is none, or it has another libc
    :raises UnsupportedPlatformError: it is of a release that does not have the platform
    :raises VerificationError: the folder is one of another platform
    """
    known = shared(target)
    found = None if is_folder(added.name) else _by_name(added.name, known, table)
    if found is None and (is_folder(added.name) or Path(added.name).is_dir()):
        found = _folder(added, known, target, table)
    if found is None:
        if (
            not is_folder(added.name)
            and _is_distribution(added.name, table)
            and not target.row.packaged
        ):
            return None
        raise _missing(added, known, target, table)
    store.hold(found)
    if target.row.triple.libc and found.libc not in {None, target.libc}:
        raise UsageError(
            f"the sysroot {added.name} has the libc {found.libc}, and {target.platform} is to be built for {target.libc}",
            f"--libc {found.libc}, or another sysroot",
        )
    return found


def is_folder(name: str) -> bool:
    """Whether a name can only be a path: it has a slash, or is ``.``."""
    return "/" in name or name in {".", ".."}


def _folder(added: Added, known: tuple[Sysroot, ...], target: Target, table: Table) -> Sysroot:
    path = Path(added.name).expanduser().absolute()
    if not path.is_dir():
        raise UsageError(
            f"no such folder: {added.name}",
            "--sysroot takes a folder, or a name that xxpy sysroot list shows",
        )
    return next(
        (made for made in known if made.path.resolve() == path.resolve()), None
    ) or transfer.describe(path, target, table)


def _by_name(name: str, known: tuple[Sysroot, ...], table: Table) -> Sysroot | None:
    """Return the sysroot of a name, of a release in any spelling, or the last of a distribution."""
    identity, _, word = name.partition(":")
    spellings = {name, name.replace(":", "-")}
    if word and _is_distribution(name, table):
        spellings.add(f"{identity}-{release.codename(identity, word, table)}")
    exact = next((made for made in known if made.name in spellings), None)
    return exact or next(
        (made for made in known if not word and made.distribution.partition(":")[0] == identity),
        None,
    )


def _is_distribution(name: str, table: Table) -> bool:
    return name.partition(":")[0] in table.archives


def _missing(
    added: Added, known: tuple[Sysroot, ...], target: Target, table: Table
) -> UsageError | UnsupportedPlatformError:
    """Return the error of a sysroot that is not there: one that no packages make says so."""
    names = [made.distribution or made.name for made in known]
    if _is_distribution(added.name, table) and target.row.packaged:
        try:
            release.source(added.name, target.row, table)
        except UnsupportedPlatformError as error:
            return error
        hint = f"xxpy sysroot add --platform {target.platform} --distribution {added.name} makes it"
    else:
        listed = f"it has {', '.join(names)}; a folder is named by its path, such as ./{added.name}"
        hint = nearest(added.name, names) or (
            listed if names else "xxpy sysroot import takes a folder; its path does, too"
        )
    return UsageError(f"{target.platform} has no sysroot {added.name}", hint)
