"""The files of an image as containers see them, layer upon layer.

Whiteouts and links follow https://github.com/opencontainers/image-spec/blob/main/layer.md. Nothing
is unpacked: a layer is read once for its names, and again for the content of the few files that
are examined.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from xxpy import tarballs
from xxpy.errors import IntegrityError, ToolError
from xxpy.machine import advice

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Iterable, Iterator

    from xxpy.image.layer import Entry
    from xxpy.image.layout import Descriptor, Layout

_WHITEOUT: Final = ".wh."
_OPAQUE: Final = ".wh..wh..opq"
_MOST_LINKS: Final = 40
"""The maximum number of links that are followed, which is the kernel's."""
_MOST: Final = 256 << 20
"""The maximum size of a file that is examined, in bytes."""
_LONGEST: Final = 4096
"""The maximum length of a path in bytes, which is the kernel's."""


@dataclass(frozen=True, slots=True)
class Node:
    """One file, link or folder.

    :param link: where a symbolic link points, else ""
    :param layer: the layer that has the file, or None for files that are put on the base
    :param member: its name in the layer; for a hard link, the name of the file that it links to
    :param source: the file on this machine, or its bytes, for files that are put on the base
    """

    folder: bool = False
    link: str = ""
    executable: bool = False
    layer: Descriptor | None = None
    member: str = ""
    source: Path | bytes = b""


@dataclass(slots=True)
class Tree:
    """The files of one image.

    :param layout: where the layers of the base are, or None for the empty image
    """

    layout: Layout | None = None
    nodes: dict[PurePosixPath, Node] = field(default_factory=dict)
    names: dict[PurePosixPath, set[str]] = field(default_factory=dict)
    blobs: dict[str, Path] = field(default_factory=dict)

    def add_layer(self, descriptor: Descriptor) -> None:
        """Add a layer of the base on top.

        :raises IntegrityError: it cannot be read
        """
        found: dict[PurePosixPath, Node] = {}
        for member, _ in self._members(descriptor):
            path = PurePosixPath("/", member.name)
            if member.isdir():
                found[path] = Node(folder=True)
            elif member.issym():
                found[path] = Node(link=member.linkname)
            else:
                name = member.linkname if member.islnk() else member.name
                found[path] = Node(
                    executable=bool(member.mode & 0o111), layer=descriptor, member=name
                )
        for path in found:
            if path.name == _OPAQUE:
                self._clear(path.parent)
            elif path.name.startswith(_WHITEOUT):
                self._remove(path.with_name(path.name.removeprefix(_WHITEOUT)))
        for path, node in found.items():
            if not path.name.startswith(_WHITEOUT):
                self._put(path, node)

    def add(self, entries: Iterable[Entry]) -> None:
        """Add files on top."""
        for entry in entries:
            self._put(entry.path, Node(executable=entry.executable, source=entry.source))

    def placed(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return entries in the folders that links of the base lead to.

        A layer with a folder of such a name would replace the link.
        """
        found = []
        for entry in entries:
            folder = self._real(entry.path.parent)
            found.append(entry if folder is None else replace(entry, path=folder / entry.path.name))
        return tuple(found)

    def find(self, path: PurePosixPath) -> tuple[PurePosixPath, Node] | None:
        """Return the file that a path leads to, and its own path; None for folders or nothing."""
        real = self._real(path)
        node = None if real is None else self.nodes.get(real)
        return None if real is None or node is None or node.folder else (real, node)

    def read(self, node: Node) -> bytes:
        """Return the content of a file.

        :raises IntegrityError: its layer cannot be read
        """
        if node.layer is None:
            return node.source if isinstance(node.source, bytes) else node.source.read_bytes()
        for member, archive in self._members(node.layer):
            if member.name == node.member and member.isfile() and member.size <= _MOST:
                content = archive.extractfile(member)
                return b"" if content is None else content.read()
        return b""

    def _real(self, path: PurePosixPath) -> PurePosixPath | None:
        """Return a path with all links followed, or None if they are endless."""
        todo = list(path.parts[1:])
        done = PurePosixPath("/")
        links = 0
        while todo:
            part = todo.pop(0)
            if part == "..":
                done = done.parent
                continue
            node = self.nodes.get(done / part)
            if node is None or not node.link:
                done /= part
                continue
            links += 1
            if links > _MOST_LINKS:
                return None
            target = PurePosixPath(node.link)
            done = PurePosixPath("/") if target.is_absolute() else done
            todo = [*(target.parts[1:] if target.is_absolute() else target.parts), *todo]
        return done

    def _put(self, path: PurePosixPath, node: Node) -> None:
        """Put a file where its folder leads to; as in runtimes, a folder replaces a link."""
        place = (self._real(path.parent) or path.parent) / path.name
        if not node.folder:
            self._remove(place)
        self.nodes[place] = node
        while place != place.parent and place.name not in self.names.setdefault(
            place.parent, set()
        ):
            self.names[place.parent].add(place.name)
            place = place.parent

    def _remove(self, path: PurePosixPath) -> None:
        path = (self._real(path.parent) or path.parent) / path.name
        self.nodes.pop(path, None)
        self.names.get(path.parent, set()).discard(path.name)
        self._clear(path)

    def _clear(self, folder: PurePosixPath) -> None:
        """Remove everything below a folder."""
        waiting = [folder]
        while waiting:
            above = waiting.pop()
            below = [above / name for name in self.names.pop(above, ())]
            for path in below:
                self.nodes.pop(path, None)
            waiting += below

    def _members(self, descriptor: Descriptor) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
        """Yield the members of a layer, each with the archive, which is read on from there.

        :raises IntegrityError: the layer is missing or broken
        :raises ToolError: it is compressed with Zstandard, and zstd is missing
        """
        assert self.layout is not None  # noqa: S101 - only a base has layers
        digest = str(descriptor["digest"])
        path = self.blobs.get(digest) or self.layout.blob(descriptor)
        self.blobs[digest] = path
        try:
            with (
                _plain(
                    path, zstandard=str(descriptor.get("mediaType", "")).endswith("zstd")
                ) as file,
                tarballs.opened(file, path.stat().st_size) as archive,
            ):
                for member in tarballs.members(archive):
                    if len(member.name) <= _LONGEST and len(member.linkname) <= _LONGEST:
                        yield member, archive
        except (OSError, *tarballs.BROKEN) as error:
            raise IntegrityError(
                f"{self.layout.name}: the layer {digest} cannot be read: {error}",
                "make the layout again",
            ) from error


@contextmanager
def _plain(path: Path, *, zstandard: bool) -> Iterator[IO[bytes]]:
    """Open a layer, decompressing Zstandard; tarfile knows the other compressions."""
    if not zstandard:
        with path.open("rb") as file:
            yield file
        return
    program = shutil.which("zstd")
    if program is None:
        raise ToolError(
            "a layer of the base is compressed with Zstandard, which only zstd can read",
            f"install it: {advice.install('zstd')}",
        )
    with subprocess.Popen(
        [program, "-dcq", str(path)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None  # noqa: S101 - for the type checker: it was asked for
        yield child.stdout
