"""Where sysroots lie: in the user's cache, a folder a target.

In it is a link a sysroot, to the tree that it is now::

    sysroots/aarch64-linux-gnu/debian-bookworm -> ../trees/5f0c…
    sysroots/trees/5f0c…/sysroot.json     what it is
    sysroots/trees/5f0c…/files.json       every file with its hash
    sysroots/trees/5f0c…/root/            the files

A tree is named for what is in it and never changes. It is built beside its place and renamed when
it is whole; then the link is changed, in one step. Two that add at once wait for each other; who
reads needs no lock.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import OutputError, UsageError, nearest
from xxpy.machine import aside, files, holding, resources
from xxpy.sysroot.description import Sysroot, document, packages_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.table.columns import Row

_ROOT: Final = "root"
_RECORD: Final = "sysroot.json"
INVENTORY: Final = "files.json"
_TREES: Final = "trees"
TREES: Final = f"sysroots/{_TREES}"
"""Where the trees are, below the cache."""


def folder(row: Row) -> Path:
    """Return the folder of a target's sysroots, made if it is missing: platforms that share their packages share it."""
    return resources.cache_folder(_folder(row))


def path(row: Row) -> Path:
    """Return where the folder of a target's sysroots is, whether or not it is there."""
    return resources.cache_path(_folder(row))


def _folder(row: Row) -> str:
    return f"sysroots/{row.debian.triple if row.debian is not None and row.debian.triple else row.platform.folder}"


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Wait until nobody else works on what *name* stands for."""
    with files.lock(resources.cache_folder("locks") / f"{name}.lock"):
        yield


def read(path: Path) -> Sysroot | None:
    """Return the sysroot that a link stands for, or None where there is none."""
    try:
        raw = json.loads((path / _RECORD).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{path / _RECORD} cannot be read: {error}", f"remove {path}, and add the sysroot again"
        ) from error
    return _sysroot(path, raw)


def _sysroot(path: Path, raw: dict[str, Any]) -> Sysroot:
    return Sysroot(
        path=Path(raw["folder"]) if raw.get("folder") else path / _ROOT,
        name=path.name,
        distribution=raw["distribution"],
        debian_triple=raw["debian_triple"],
        glibc=raw["glibc"],
        libc=raw["libc"],
        requested=tuple(raw["requested"]),
        packages=packages_from(raw["packages"], str(path)),
    )


def all_of(row: Row) -> tuple[Sysroot, ...]:
    """Return the sysroots of a target, the one that was added last first."""
    try:
        links = [entry for entry in path(row).iterdir() if entry.is_symlink()]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    newest = sorted(links, key=lambda link: link.lstat().st_mtime_ns, reverse=True)
    return tuple(found for link in newest if (found := read(link)) is not None)


def named(row: Row, name: str) -> Sysroot:
    """Return a target's sysroot of this name.

    :raises UsageError: there is none
    """
    known = {sysroot.name: sysroot for sysroot in all_of(row)}
    wanted = name.replace(":", "-")
    if wanted not in known:
        hint = nearest(wanted, known) or (
            f"known are {', '.join(known)}" if known else "xxpy sysroot add makes one"
        )
        raise UsageError(f"{row.platform} has no sysroot {name!r}", hint)
    return known[wanted]


def build(
    row: Row,
    name: str,
    key: str,
    sysroot: Callable[[Path], Sysroot],
    inventory: Callable[[Path], dict[str, str]],
) -> Sysroot:
    """Put a sysroot in its place, unless the very same is there already.

    :param key: names the content
    :param sysroot: fills the folder that it is given, and describes it
    :param inventory: returns what is in it
    """
    tree = resources.cache_folder(TREES) / key
    if read(tree) is None:
        with aside.folder(tree.parent) as fresh:
            whole = fresh.path / key
            root = whole / _ROOT
            root.mkdir(parents=True)
            made = sysroot(root)
            record = document(made)
            if made.path != root:
                record["folder"] = str(made.path)
                root.rmdir()
            else:
                files.write(
                    whole / INVENTORY, json.dumps(inventory(root), indent=0) + "\n", settle=False
                )
            files.write(whole / _RECORD, json.dumps(record, indent=2) + "\n", settle=False)
            whole.chmod(0o755)
            aside.settle(whole)
            _rename(whole, tree)
    link = folder(row) / name
    before = link.readlink().name if link.is_symlink() else None
    _point(link, tree)
    if before is not None and before != key:
        _drop(before)
    found = read(link)
    if found is None or not hold(found):
        raise OutputError(
            f"the sysroot {link} is gone", "something removes files from the cache; try again"
        )
    return found


def _rename(whole: Path, tree: Path) -> None:
    """Put a tree in its place; another process may just have put the very same there."""
    if tree.is_dir() and read(tree) is None:
        aside.remove(tree)
    try:
        whole.rename(tree)
    except OSError:
        if read(tree) is None:
            raise
    aside.settle_entry(tree)


def hold(found: Sysroot) -> bool:
    """Hold the tree of a sysroot in the cache while this process runs, and return whether it is still there."""
    base = resources.cache_path("sysroots")
    tree = found.path.parent.resolve()
    return holding.hold(tree) if tree.is_relative_to(base.resolve()) else True


def names_of(tree: Path) -> tuple[Path, ...]:
    """Return the links that lead to a tree."""
    links = tree.parents[1].glob("*/*")
    return tuple(link for link in links if link.is_symlink() and link.readlink().name == tree.name)


def remove(row: Row, name: str) -> Sysroot:
    """Remove a sysroot, and its tree if no other has the same.

    :raises UsageError: there is none of this name
    """
    found = named(row, name)
    link = folder(row) / found.name
    tree = link.readlink().name
    link.unlink()
    _drop(tree)
    return found


def _point(link: Path, tree: Path) -> None:
    with aside.folder(link.parent) as place:
        fresh = place.path / link.name
        fresh.symlink_to(os.path.relpath(tree, link.parent))
        fresh.replace(link)


def _drop(key: str) -> None:
    """Remove a tree that no link leads to any more."""
    base = resources.cache_folder("sysroots")
    if any(path.is_symlink() and path.readlink().name == key for path in base.glob("*/*")):
        return
    tree = base / _TREES / key
    if tree.is_dir():
        aside.remove(tree)
