"""Whether containers of an image can start: its entrypoint, the loader and the libraries of its programs, and what scripts are run by.

Where a loader looks for libraries: https://man7.org/linux/man-pages/man8/ld.so.8.html,
https://wiki.musl-libc.org (dynamic linker).
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from xxpy import binary
from xxpy.binary import elf, symbols
from xxpy.binary.reader import Reader
from xxpy.binary.verify import version
from xxpy.errors import UsageError, VerificationError
from xxpy.table import availability

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xxpy.binary.description import Description
    from xxpy.image.layer import Entry
    from xxpy.image.tree import Node, Tree
    from xxpy.table.columns import Row
    from xxpy.table.load import Table

_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where runtimes look for programs in an image that says nothing of it."""
_FOLDERS: Final = ("/lib", "/usr/lib", "/lib64", "/usr/lib64")
_MUSL_FOLDERS: Final = ("/lib", "/usr/local/lib", "/usr/lib")
_MUSL_ITSELF: Final = re.compile(r"lib(c|pthread|rt|m|dl|util|xnet)\.")
"""The libraries that musl's loader is itself."""
_CACHE: Final = PurePosixPath("/etc/ld.so.cache")
_MOST_SCRIPTS: Final = 5
"""Scripts that run each other at most."""
_PROVIDERS: Final = {"libc.so.6": ("GLIBC", "glibc"), "libstdc++.so.6": ("GLIBCXX", "glibcxx")}
"""The libraries whose symbols have versions: what these begin with, and the field that says which one is needed."""


@dataclass(frozen=True, slots=True)
class Image:
    """One platform of an image, with its base.

    :param entries: what is put on the base
    :param config: what containers start with, as the image says it
    :param chosen: whether the user has said what they start
    """

    row: Row
    tree: Tree
    entries: Sequence[Entry]
    config: Mapping[str, Any]
    chosen: bool = True

    def variable(self, name: str) -> str | None:
        """Return a variable that containers start with."""
        pairs = dict(text.partition("=")[::2] for text in self.config.get("Env") or ())
        return pairs.get(name)


def check(image: Image, table: Table) -> None:
    """Refuse an image whose containers cannot start, or with a program that cannot.

    :raises UsageError: there is no entrypoint, or it is not in the image, or not executable
    :raises VerificationError: a loader, a library or what runs a script is not in the image
    """
    for entry in image.entries:
        described = describe(entry)
        if (
            described is not None
            and described.format == "elf"
            and described.interpreter is not None
            and described.kind == "executable"
        ):
            _Loading(image, table, described, entry.path).check()
    words = [*(image.config.get("Entrypoint") or ()), *(image.config.get("Cmd") or ())]
    several = (
        not image.chosen and not image.config.get("Entrypoint") and len(programs(image.entries)) > 1
    )
    if not words or several:
        raise UsageError(
            f"nothing says what the image for {image.row.platform} starts", _choices(image)
        )
    if image.row.file.format == "elf":
        _start(image, str(words[0]))


def describe(entry: Entry) -> Description | None:
    """Return what an entry is, None where it is no binary."""
    if isinstance(entry.source, bytes) or not binary.is_binary(entry.source):
        return None
    return next(iter(binary.inspect(entry.source)), None)  # an archive may be empty


def programs(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the paths of the entries that can be started: executable files that are programs or begin with ``#!``."""
    found = []
    for entry in entries:
        described = describe(entry) if entry.executable else None
        is_program = described is not None and (
            described.format == "wasm" or described.kind == "executable"
        )
        if entry.executable and (
            is_program or (described is None and _first_line(entry.source).startswith(b"#!"))
        ):
            found.append(str(entry.path))
    return tuple(found)


def _choices(image: Image) -> str:
    there = programs(image.entries)
    if not there:
        return "none of its files is a program: name one of the base with --entrypoint"
    return f"choose with --entrypoint: {', '.join(there)}"


def _start(image: Image, word: str) -> None:
    """Refuse an entrypoint that is not there, cannot be run, or is a script that nothing runs."""
    path = _located(image, word)
    platform = image.row.platform
    if path is None:
        raise UsageError(
            f"the entrypoint {word} is not in the image for {platform}", _choices(image)
        )
    shown = str(path)
    for _ in range(_MOST_SCRIPTS):
        found = image.tree.find(path)
        assert found is not None  # noqa: S101 - it was located
        if not found[1].executable:
            raise UsageError(
                f"the entrypoint {shown} is not executable in the image for {platform}",
                "chmod +x that file, and make the image again",
            )
        begin = (
            _first_line(found[1].source)
            if found[1].layer is None
            else image.tree.read(found[1]).partition(b"\n")[0]
        )
        if begin.startswith(elf.MAGIC):
            return
        words = (
            begin[2:].decode("utf-8", "replace").strip().split(maxsplit=1)
            if begin.startswith(b"#!")
            else []
        )
        if not words:
            raise UsageError(
                f"the entrypoint {shown} is neither a program for {platform} nor a script that begins with #!",
                _choices(image),
            )
        following = _located(image, words[0])
        if following is not None and following.name == "env":
            asked = (
                next(
                    (
                        word
                        for word in words[1].split()
                        if not word.startswith("-") and "=" not in word
                    ),
                    "",
                )
                if len(words) > 1
                else ""
            )
            following = _located(image, asked) if asked else following
            words = [asked or words[0]]
        if following is None:
            raise VerificationError(
                f"{path} is a script that {words[0]} runs, which the image for {platform} does not have",
                "two ways: start a program that needs nothing else   or   --base with an image that has it",
            )
        path = following


def _located(image: Image, word: str) -> PurePosixPath | None:
    """Return the path of a program as a runtime finds it, or None."""
    if "/" in word:
        places = [PurePosixPath("/", image.config.get("WorkingDir") or "/", word)]
    else:
        places = [
            PurePosixPath("/", folder, word)
            for folder in (image.variable("PATH") or _PATH).split(":")
        ]
    return next((place for place in places if image.tree.find(place) is not None), None)


def _first_line(source: object) -> bytes:
    if isinstance(source, bytes):
        return source.partition(b"\n")[0]
    with open(str(source), "rb") as file:  # noqa: PTH123 - a path
        return file.readline(256).rstrip(b"\n")


@dataclass(frozen=True, slots=True)
class _Loading:
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
        """Refuse an image without the loader, or a library, of the program.

        :raises VerificationError: one is not there, or too old
        """
        if self.image.tree.find(self.loader) is None:
            raise self._lacks(str(self.loader), self.path)
        if self.program.libc == "musl":
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
        """Return where musl's loader looks: what ``/etc/ld-musl-ARCH.path`` says, else its own folders."""
        name = self.loader.name.removesuffix(".so.1")
        found = self.image.tree.find(PurePosixPath(f"/etc/{name}.path"))
        text = "" if found is None else self.image.tree.read(found[1]).decode("utf-8", "replace")
        return [folder for folder in re.split(r"[:\n]", text) if folder] or list(_MUSL_FOLDERS)

    def _libraries(self, folders: list[str]) -> None:
        """Look for every library that the program or one of its libraries needs.

        :raises VerificationError: one is not there, or too old
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
                    or (self.program.libc == "musl" and _MUSL_ITSELF.match(name))
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
        """Return the first library that is for the program's machine: a loader passes over others."""
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
        """Return the libraries that the cache of glibc's loader lists; what came later it does not know."""
        found = self.image.tree.find(_CACHE)
        if found is None or self.program.libc == "musl":
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
        """Refuse symbols that are newer than the library which has them.

        :raises VerificationError: the image's glibc or libstdc++ is too old
        """
        for name, (prefix, key) in _PROVIDERS.items():
            if name not in found:
                continue
            newest = symbols.newest(self.image.tree.read(found[name]), prefix)
            for user, place in users:
                needed = getattr(user, key)
                if newest is not None and needed is not None and version(needed) > version(newest):
                    raise VerificationError(
                        f"{place} needs {prefix}_{needed} of {name}, and the image for {self.image.row.platform} has {newest}",
                        self._remedy(),
                    )

    def _lacks(self, what: str, place: PurePosixPath) -> VerificationError:
        elsewhere = next(
            (entry.path for entry in self.image.entries if entry.path.name == what), None
        )
        if elsewhere is not None:
            return VerificationError(
                f"{place} needs {what}, and its loader for {self.image.row.platform} does not look in {elsewhere.parent}",
                f"two ways: --env LD_LIBRARY_PATH={elsewhere.parent}   or   link with a run path, such as -Wl,-rpath,'$ORIGIN/../lib'",
            )
        return VerificationError(
            f"{place} needs {what}, which the image for {self.image.row.platform} does not have",
            self._remedy(),
        )

    def _remedy(self) -> str:
        """Return the ways to an image in which the program starts."""
        static = (
            "xxpy build --no-cgo"
            if self.program.go is not None
            else "xxpy build --static --libc musl"
        )
        return f"two ways: a static program ({static})   or   --base {' '.join(self._bases())}"

    def _bases(self) -> Iterator[str]:
        """Yield a base that would do, and how a layout of it is made."""
        if self.program.libc == "musl":
            yield "with Alpine, which skopeo copy --all docker://alpine oci:base makes"
            return
        row = self.image.row
        for identity, release in reversed(list(availability.releases(row, self.table))):
            enough = release.glibc is not None and version(release.glibc) >= version(
                self.program.glibc or "0"
            )
            if enough and identity == next(iter(self.table.archives)):
                title = self.table.distribution(identity).title
                image = f"docker://{identity}:{release.number}-slim"
                yield f"with {title} {release.number} and its libraries, which skopeo copy --all {image} oci:base makes"
                return
        yield f"with an image that has the libraries of {row.platform}"


def _library(tree: Tree, node: Node, name: str) -> Description | None:
    """Describe a library of an image; None where it is none, such as a linker script."""
    data = tree.read(node)
    try:
        return binary.read(Reader(io.BytesIO(data), 0, len(data)), name)[0]
    except VerificationError:
        return None
