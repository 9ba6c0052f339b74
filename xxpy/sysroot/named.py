"""Find the sysroot that a user names: an added or imported one, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.errors import UnsupportedPlatformError, UsageError, nearest
from xxpy.sysroot import release, store

if TYPE_CHECKING:
    from xxpy.sysroot.description import Added, Sysroot
    from xxpy.table.model import Table
    from xxpy.table.target import Target

PROJECT: Final = "."
"""A character in the names of sysroots that projects want, which people cannot name."""


def shared(target: Target) -> tuple[Sysroot, ...]:
    """Return the sysroots of a target that were added or imported, newest first."""
    return tuple(made for made in store.all_of(target.row) if PROJECT not in made.name)


def resolve(added: Added, target: Target, table: Table) -> Sysroot | None:
    """Return the sysroot of this name for a target.

    It is None if the name is a distribution's, and no distribution has packages for the system.

    :raises UsageError: there is none, or it has another libc
    :raises UnsupportedPlatformError: its release does not have the platform
    :raises VerificationError: the folder is for another platform
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
            f"the sysroot {added.name} has the libc {found.libc}, but {target.platform} is built"
            f" for {target.libc}",
            f"--libc {found.libc}, or another sysroot",
        )
    return found


def is_folder(name: str) -> bool:
    """Whether a name can only be a path: it contains a slash, or is ``.`` or ``..``."""
    return "/" in name or name in {".", ".."}


def _folder(added: Added, known: tuple[Sysroot, ...], target: Target, table: Table) -> Sysroot:
    """Return the sysroot in a folder, which may be one that was imported.

    :raises UsageError: there is no such folder
    """
    path = Path(added.name).expanduser().absolute()
    if not path.is_dir():
        raise UsageError(
            f"no such folder: {added.name}",
            "--sysroot takes a folder, or a name that xxpy sysroot list shows",
        )
    own = next((made for made in known if made.path.resolve() == path.resolve()), None)
    if own is not None:
        return own
    from xxpy.sysroot import transfer  # noqa: PLC0415 - it reads archives and binaries

    return transfer.describe(path, target, table)


def _by_name(name: str, known: tuple[Sysroot, ...], table: Table) -> Sysroot | None:
    """Return the sysroot of a name or a release, or the newest of a distribution."""
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
    """Return the error for a missing sysroot, which says whether packages could make it."""
    names = [made.distribution or made.name for made in known]
    if _is_distribution(added.name, table) and target.row.packaged:
        try:
            release.source(added.name, target.row, table)
        except UnsupportedPlatformError as error:
            return error
        hint = f"xxpy sysroot add --platform {target.platform} --distribution {added.name} makes it"
    else:
        listed = f"it has {', '.join(names)}; for a folder, write its path, such as ./{added.name}"
        hint = nearest(added.name, names) or (
            listed if names else "for a folder, write its path, or: xxpy sysroot import"
        )
    return UsageError(f"{target.platform} has no sysroot {added.name}", hint)
