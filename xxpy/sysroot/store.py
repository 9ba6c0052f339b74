"""Store sysroots in the user's cache, in a folder for each target.

Each sysroot is a link in this folder, to its current tree::

    sysroots/aarch64-linux-gnu/debian-bookworm -> ../trees/5f0c…
    sysroots/trees/5f0c…/sysroot.json     its description
    sysroots/trees/5f0c…/files.json       every file with its hash
    sysroots/trees/5f0c…/root/            the files

A tree is named for its content and never changes. It is built beside its place and renamed when it
is complete; then the link is replaced, in one step. Processes that add at the same time wait for
each other; readers need no lock.
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
    """Return the folder of a target's sysroots, creating it if needed.

    Platforms that share their packages share it.
    """
    return resources.cache_folder(_folder(row))


def path(row: Row) -> Path:
    """Return the path of the folder of a target's sysroots, whether or not it exists."""
    return resources.cache_path(_folder(row))


def _folder(row: Row) -> str:
    names = row.debian
    return f"sysroots/{names.triple if names is not None and names.triple else row.platform.folder}"


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold the lock of this name, waiting for others to release it."""
    with files.lock(resources.cache_folder("locks") / f"{name}.lock"):
        yield


def read(path: Path) -> Sysroot | None:
    """Return the sysroot that a link points to, or None."""
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
    """Return the sysroot that a record describes."""
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
    """Return the sysroots of a target, newest first."""
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
            f"expected one of: {', '.join(known)}" if known else "xxpy sysroot add creates one"
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
    """Store a sysroot, unless the same one already exists.

    :param key: identifies the content
    :param sysroot: fills a folder, and describes the sysroot
    :param inventory: returns the hash of every file
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
            f"the sysroot {link} is gone", "another program removes files from the cache; try again"
        )
    return found


def _rename(whole: Path, tree: Path) -> None:
    """Move a tree to its place, where another process may just have put the same one."""
    if tree.is_dir() and read(tree) is None:
        aside.remove(tree)
    try:
        whole.rename(tree)
    except OSError:
        if read(tree) is None:
            raise
    aside.settle_entry(tree)


def hold(found: Sysroot) -> bool:
    """Hold the tree of a sysroot while this process runs; return whether it still exists."""
    base = resources.cache_path("sysroots")
    tree = found.path.parent.resolve()
    return holding.hold(tree) if tree.is_relative_to(base.resolve()) else True


def names_of(tree: Path) -> tuple[Path, ...]:
    """Return the links that lead to a tree."""
    links = tree.parents[1].glob("*/*")
    return tuple(link for link in links if link.is_symlink() and link.readlink().name == tree.name)


def remove(row: Row, name: str) -> Sysroot:
    """Remove a sysroot, and its tree if no other sysroot has it.

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
