"""Find the libraries of a program in an image, as its loader does.

See https://man7.org/linux/man-pages/man8/ld.so.8.html and https://wiki.musl-libc.org (dynamic
linker).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from xxpy import binary
from xxpy.binary import symbols
from xxpy.binary.reader import Reader
from xxpy.errors import VerificationError
from xxpy.table import availability
from xxpy.table import libc as c_library
from xxpy.versions import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xxpy.binary.description import Description
    from xxpy.image.layer import Entry
    from xxpy.image.tree import Node, Tree
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

_FOLDERS: Final = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_MUSL_FOLDERS: Final = ("/lib", "/usr/local/lib", "/usr/lib")
_MUSL_ITSELF: Final = re.compile(r"lib(c|pthread|rt|m|dl|util|xnet)\.")
"""The libraries that are part of musl's loader."""
_CACHE: Final = PurePosixPath("/etc/ld.so.cache")
_PROVIDERS: Final = {"libc.so.6": ("GLIBC", "glibc"), "libstdc++.so.6": ("GLIBCXX", "glibcxx")}
"""Libraries with versioned symbols: the prefix of versions, and the field with the needed one."""


@dataclass(frozen=True, slots=True)
class Image:
    """One platform of an image, with its base.

    :param entries: the files that are put on the base
    :param config: how containers start, from the image's configuration
    :param chosen: whether the user has chosen what they start
    """

    row: Row
    tree: Tree
    entries: Sequence[Entry]
    config: Mapping[str, Any]
    chosen: bool = True

    def variable(self, name: str) -> str | None:
        """Return an environment variable of containers."""
        pairs = dict(text.partition("=")[::2] for text in self.config.get("Env") or ())
        return pairs.get(name)


@dataclass(frozen=True, slots=True)
class Loading:
    """How the loader of one program finds its libraries in an image."""

    image: Image
    table: Table
    program: Description
    path: PurePosixPath

    @property
    def loader(self) -> PurePosixPath:
        """The path of the dynamic loader."""
        return PurePosixPath("/", self.program.interpreter or "")

    def check(self) -> None:
        """Refuse an image that lacks the loader or a library of the program.

        :raises VerificationError: one is missing or too old
        """
        if self.image.tree.find(self.loader) is None:
            raise self._lacks(str(self.loader), self.path)
        if self.program.libc == c_library.MUSL:
            self._libraries(self._musl_folders())
            return
        names = self.image.row.debian
        multiarch = (
            [f"{folder}/{names.triple}" for folder in _FOLDERS[:2]]
            if names is not None and names.triple
            else []
        )
        near = self.loader.parent
        self._libraries([*multiarch, str(near), f"/usr{near}", *_FOLDERS])

    def _musl_folders(self) -> list[str]:
        """Return the folders of musl's loader: those in ``/etc/ld-musl-ARCH.path``, or its own."""
        name = self.loader.name.removesuffix(".so.1")
        found = self.image.tree.find(PurePosixPath(f"/etc/{name}.path"))
        text = "" if found is None else self.image.tree.read(found[1]).decode("utf-8", "replace")
        return [folder for folder in re.split(r"[:\n]", text) if folder] or list(_MUSL_FOLDERS)

    def _libraries(self, folders: list[str]) -> None:
        """Search for every library that the program or one of its libraries needs.

        :raises VerificationError: one is missing or too old
        """
        cached = self._cached()
        variable = (self.image.variable("LD_LIBRARY_PATH") or "").split(":")
        todo: list[tuple[Description, PurePosixPath]] = [(self.program, self.path)]
        found: dict[str, Node] = {}
        users: list[tuple[Description, PurePosixPath]] = []
        while todo:
            user, place = todo.pop()
            users.append((user, place))
            own = [
                folder.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", str(place.parent))
                for folder in user.run_path
            ]
            for name in user.needed:
                if (
                    name in found
                    or name == self.loader.name
                    or (self.program.libc == c_library.MUSL and _MUSL_ITSELF.match(name))
                ):
                    continue
                searched = [
                    PurePosixPath("/", folder, name)
                    for folder in (*own, *filter(None, variable), *folders)
                ]
                library = self._first([*searched, *cached.get(name, ())])
                if library is None:
                    raise self._lacks(name, place)
                found[name] = library[1]
                todo.append((library[2], library[0]))
        self._versions(users, found)

    def _first(self, places: list[PurePosixPath]) -> tuple[PurePosixPath, Node, Description] | None:
        """Return the first library for the program's machine: loaders skip others."""
        for place in places:
            found = self.image.tree.find(place)
            described = None if found is None else _library(self.image.tree, found[1], str(place))
            if (
                found is not None
                and described is not None
                and (described.machine, described.bits) == (self.program.machine, self.program.bits)
            ):
                return place, found[1], described
        return None

    def _cached(self) -> dict[str, list[PurePosixPath]]:
        """Return the libraries in the cache of glibc's loader, which lacks those added later."""
        found = self.image.tree.find(_CACHE)
        if found is None or self.program.libc == c_library.MUSL:
            return {}
        paths = [
            PurePosixPath(text.decode("utf-8", "replace"))
            for text in re.findall(rb"/[^\0]+", self.image.tree.read(found[1]))
        ]
        listed: dict[str, list[PurePosixPath]] = {}
        for path in paths:
            listed.setdefault(path.name, []).append(path)
        return listed

    def _versions(
        self, users: list[tuple[Description, PurePosixPath]], found: Mapping[str, Node]
    ) -> None:
        """Refuse programs that need newer symbols than a library has.

        :raises VerificationError: the image's glibc or libstdc++ is too old
        """
        for name, (prefix, key) in _PROVIDERS.items():
            if name not in found:
                continue
            newest = symbols.newest(self.image.tree.read(found[name]), prefix)
            for user, place in users:
                needed = getattr(user, key)
                if newest is not None and needed is not None and dotted(needed) > dotted(newest):
                    raise VerificationError(
                        f"{place} needs {prefix}_{needed} of {name}, but the image for"
                        f" {self.image.row.platform} has {newest}",
                        self._remedy(),
                    )

    def _lacks(self, what: str, place: PurePosixPath) -> VerificationError:
        """Return the error for a file that the image lacks, or has in another folder."""
        elsewhere = next(
            (entry.path for entry in self.image.entries if entry.path.name == what), None
        )
        if elsewhere is not None:
            return VerificationError(
                f"{place} needs {what}, but its loader for {self.image.row.platform} does not look"
                f" in {elsewhere.parent}",
                f"--env LD_LIBRARY_PATH={elsewhere.parent}"
                "   or   link with a run path, such as -Wl,-rpath,'$ORIGIN/../lib'",
            )
        return VerificationError(
            f"{place} needs {what}, which the image for {self.image.row.platform} does not have",
            self._remedy(),
        )

    def _remedy(self) -> str:
        """Return how to get an image in which the program starts."""
        static = (
            "xxpy build --no-cgo"
            if self.program.go is not None
            else "xxpy build --static --libc musl"
        )
        return f"a static program ({static})   or   --base {' '.join(self._bases())}"

    def _bases(self) -> Iterator[str]:
        """Yield a base that would work, and how to make a layout of it."""
        if self.program.libc == c_library.MUSL:
            yield "with Alpine: skopeo copy --all docker://alpine oci:base"
            return
        row = self.image.row
        for identity, release in reversed(list(availability.releases(row, self.table))):
            enough = release.glibc is not None and dotted(release.glibc) >= dotted(
                self.program.glibc or "0"
            )
            if enough and identity == next(iter(self.table.archives)):
                title = self.table.distribution(identity).title
                image = f"docker://{identity}:{release.number}-slim"
                yield (
                    f"with {title} {release.number} and its libraries:"
                    f" skopeo copy --all {image} oci:base"
                )
                return
        yield f"with an image that has the libraries of {row.platform}"


def _library(tree: Tree, node: Node, name: str) -> Description | None:
    """Describe a library of an image; None for anything else, such as a linker script."""
    data = tree.read(node)
    try:
        return binary.read(Reader(io.BytesIO(data), 0, len(data)), name)[0]
    except VerificationError:
        return None
