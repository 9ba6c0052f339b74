"""Unpack a ``.deb`` into a sysroot, without root, package scripts, or files outside the folder.

See https://man7.org/linux/man-pages/man5/deb.5.html. What a compiler never reads is left out, by
the distribution's patterns. Device nodes and FIFOs are dropped, and so are setuid, setgid and
sticky bits. Folders that are links into ``/usr`` on an installed system (``/lib``) are links here
too, whether or not a package knows it. Every link is relative to its own folder and points inside
the sysroot: an absolute ``/lib/aarch64-linux-gnu/libz.so.1`` would be the machine's own file, or
none, and a linker would then silently take the static library beside it.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from xxpy import tarballs
from xxpy.binary import archive
from xxpy.binary.reader import Reader
from xxpy.errors import IntegrityError, ToolError, VerificationError
from xxpy.machine import programs
from xxpy.machine.files import digest

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Iterator

_CHUNK: Final = 1 << 20
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_DATA: Final = "data.tar"
_ZSTANDARD: Final = ".zst"
"""A compression that Python reads only since 3.14."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is special about a distribution's packages.

    :param merged: the folders of ``/`` that are links into ``/usr``
    :param left_out: patterns of paths that no compiler reads, with everything below them
    """

    merged: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def place(self, member: str) -> str:
        """Return where a path of a package is in the sysroot.

        >>> Rules(merged=("lib",)).place("./lib/aarch64-linux-gnu/libz.so.1")
        'usr/lib/aarch64-linux-gnu/libz.so.1'

        :raises IntegrityError: it is absolute, leads upwards, or is not a path
        """
        if member.startswith("/") or _CONTROL.search(member):
            raise IntegrityError(f"a package may not have the path {member!r}")
        parts = [part for part in member.split("/") if part not in {"", "."}]
        if ".." in parts:
            raise IntegrityError(f"{member!r} leads out of the sysroot")
        return "/".join(["usr", *parts] if parts[:1] and parts[0] in self.merged else parts)

    def link(self, member: str, target: str) -> str:
        """Return where a package's symbolic link points; what leads above ``/`` stays in it.

        >>> target = "/lib/aarch64-linux-gnu/libz.so.1"
        >>> Rules(merged=("lib",)).link("./usr/lib/aarch64-linux-gnu/libz.so", target)
        'usr/lib/aarch64-linux-gnu/libz.so.1'
        """
        return self.place(
            posixpath.normpath(posixpath.join("/", posixpath.dirname(member), target)).lstrip("/")
        )

    def leaves_out(self, place: str) -> bool:
        """Whether compilers do not need a place."""
        parts = place.split("/")
        return any(
            len(parts) >= (length := pattern.count("/") + 1)
            and fnmatchcase("/".join(parts[:length]), pattern)
            for pattern in self.left_out
        )


class _Root:
    """The folder to unpack into, and those of its folders that are known to be inside it."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self.known: dict[str, Path] = {}

    def inside(self, place: str) -> Path:
        """Return the path of a place, through the links that lead to its folder.

        :raises IntegrityError: one of these leads out, which none that this module writes does
        """
        above, name = posixpath.split(place)
        folder = self.known.get(above)
        if folder is None:
            folder = Path(os.path.realpath(self.path / above))
            if folder != self.path and self.path not in folder.parents:
                raise IntegrityError(f"{place!r} leads out of the sysroot")
            self.known[above] = folder
        return folder / name


def unpack(package: Path, root: Path, rules: Rules) -> None:
    """Unpack one package over what is below *root*.

    :raises IntegrityError: it is not a package, is damaged, or has members that lead out of *root*
    """
    try:
        with _data(package) as data, tarballs.opened(data, package.stat().st_size) as members:
            extract(members, root, rules)
    except (*tarballs.BROKEN, VerificationError) as error:
        raise IntegrityError(
            f"{package.name} is damaged: {error}", "remove it, and it is downloaded again"
        ) from error
    except IntegrityError as error:
        raise IntegrityError(
            f"{package.name}: {error.message}", "xxpy refuses this package"
        ) from error


def extract(members: tarfile.TarFile, root: Path, rules: Rules, below: str = "") -> None:
    """Unpack the rest of a tar archive, or what is below a path of it.

    :raises IntegrityError: a member leads out of *root*
    """
    base = _Root(root)
    for member in tarballs.members(members):
        if member.name.startswith(below):
            if member.islnk():
                member.linkname = member.linkname.removeprefix(below)
            member.name = member.name.removeprefix(below)
            _member(members, member, base, rules)


def finish(root: Path, rules: Rules) -> None:
    """Add the links into ``/usr`` that an installed system has."""
    for name in rules.merged:
        if (root / "usr" / name).is_dir() and not os.path.lexists(root / name):
            (root / name).symlink_to(f"usr/{name}")


def inventory(root: Path) -> dict[str, str]:
    """Return every file below *root*, sorted, with its SHA-256, or ``-> TARGET`` for a link."""
    found: dict[str, str] = {}
    for folder, folders, names in os.walk(root):
        for name in (*names, *(name for name in folders if Path(folder, name).is_symlink())):
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            found[relative] = f"-> {path.readlink()}" if path.is_symlink() else digest(path)
    return dict(sorted(found.items()))


@contextmanager
def _data(package: Path) -> Iterator[IO[bytes]]:
    """Open the files of a package as a tar stream, compressed or plain."""
    with package.open("rb") as file:
        reader = Reader(file, 0, package.stat().st_size)
        if not archive.matches(reader.bytes(0, min(8, reader.size))):
            raise IntegrityError("not a package")
        member = next(
            (member for member in archive.members(reader, "") if member.title.startswith(_DATA)),
            None,
        )
        if member is None or member.content is None:
            raise IntegrityError("a package without files")
        if member.title.endswith(_ZSTANDARD):
            with _zstandard(package) as stream:
                yield stream
        else:
            file.seek(member.content.start)
            yield io.BufferedReader(tarballs.Window(file, member.content.size))


@contextmanager
def _zstandard(package: Path) -> Iterator[IO[bytes]]:
    """Open the files of a package that is compressed with Zstandard, with the help of dpkg-deb.

    :raises ToolError: dpkg-deb is missing
    """
    tool = programs.which("dpkg-deb")
    if tool is None:
        raise ToolError(
            f"{package.name} is compressed with Zstandard, which only dpkg-deb can read",
            "install dpkg",
        )
    with subprocess.Popen(
        [tool, "--fsys-tarfile", str(package)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
        yield child.stdout


def _member(members: tarfile.TarFile, member: tarfile.TarInfo, root: _Root, rules: Rules) -> None:
    """Unpack one member, unless it is left out.

    :raises IntegrityError: it leads out of the sysroot
    """
    place = rules.place(member.name)
    if not place or rules.leaves_out(place):
        return
    path = root.inside(place)
    if member.isdir():
        if not path.is_dir():
            _clear(path)
            path.mkdir(parents=True)
        return
    if not (member.isreg() or member.issym() or member.islnk()):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear(path)
    if member.issym():
        target = root.path / rules.link(member.name, member.linkname)
        path.symlink_to(os.path.relpath(target, path.parent))
        root.known.clear()
    elif member.islnk():
        source = root.inside(rules.place(member.linkname))
        if source.is_symlink() or not source.is_file():
            raise IntegrityError(
                f"{member.name!r} is a hard link to {member.linkname!r}, which does not exist"
            )
        os.link(source, path)
    else:
        content = members.extractfile(member)
        with path.open("xb") as file:
            if content is not None:
                shutil.copyfileobj(content, file, _CHUNK)
        path.chmod(0o755 if member.mode & 0o111 else 0o644)
        os.utime(path, (member.mtime, member.mtime))


def _clear(path: Path) -> None:
    """Remove a file that a package replaces.

    :raises IntegrityError: it is a folder
    """
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        raise IntegrityError(f"{path.name!r} is a folder in another package")
