"""Find packages without apt, on machines of other distributions.

The archive's own lists are read, and checked as apt checks them. ``InRelease`` is signed (gpgv
checks it with the distribution's keys) and has the hash of each ``Packages.xz``, which has the hash
of each package (https://wiki.debian.org/DebianRepository/Format). Dependencies are followed, not
solved: of ``a | b`` the first one that exists is taken, of several versions the newest, and nothing
is tried again. For libraries of a stable release that gives the same result as apt. Where packages
do not go together, an error says so.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from debian_inspector.debcon import get_paragraph_data

from xxpy.errors import IntegrityError, NetworkError, PackageError, ToolError, nearest
from xxpy.machine import aside, programs
from xxpy.machine.files import digest
from xxpy.sysroot import download
from xxpy.sysroot.lists import Lists, expressions, offers, package_of, suits
from xxpy.sysroot.signed import date, read_release, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxpy.sysroot.description import Package, Progress
    from xxpy.sysroot.release import Source

FRESH: Final = 3600
"""How long package lists count as fresh, in seconds."""

_SIGNED: Final = re.compile(r"^\[GNUPG:\] VALIDSIG ", re.MULTILINE)
_BAD: Final = re.compile(r"^\[GNUPG:\] (BADSIG|EXPKEYSIG|REVKEYSIG|EXPSIG) ", re.MULTILINE)

_PACKED: Final = (".xz", ".gz", "")
_MOST: Final = 1 << 30
"""The maximum size of a package list if the release does not say; Debian's have a tenth of that."""

_VERIFIERS: Final = ("gpgv", "gpgv2")


class Indices:
    """The packages of one source, read from its archives.

    :param folder: where lists are kept; created as needed, and locked by the caller
    """

    def __init__(self, source: Source, folder: Path, progress: Progress) -> None:
        self.source = source
        self.folder = folder
        self.progress = progress

    def resolve(self, packages: Sequence[str]) -> tuple[Package, ...]:
        """Return these packages and everything that they depend on.

        :raises PackageError: one is unknown, or conflicts with the others
        :raises IntegrityError: a signature or a hash of the package lists is wrong
        :raises NetworkError: the package lists cannot be fetched
        :raises ToolError: there is no tool to check signatures with
        """
        lists = self._lists()
        chosen: dict[str, tuple[str, dict[str, str]]] = {}
        waiting = [self._wanted(package, lists) for package in packages]
        while waiting:
            archive, data = waiting.pop()
            if data["package"] in chosen:
                continue
            chosen[data["package"]] = (archive, data)
            for key in ("pre-depends", "depends"):
                waiting += [
                    self._needed(expression, data, lists, chosen)
                    for expression in expressions(data.get(key, ""))
                ]
        self._conflicts(chosen)
        self._tell(lists)
        return tuple(sorted(package_of(archive, data) for archive, data in chosen.values()))

    def _tell(self, lists: Lists) -> None:
        """Warn about packages that were left out of the lists."""
        for name, count in lists.left_out.items():
            what = f"versions of {name}" if name else "packages without a name"
            self.progress.warning(
                f"{self.source.name} for {self.source.architecture}: {count} {what} are malformed"
                " and were left out"
            )

    def fetch(self, wanted: Mapping[Path, Package], tick: Callable[[], None]) -> None:
        """Download packages, each to the path that is its key; *tick* is called as bytes come.

        :raises NetworkError: one cannot be fetched
        """
        for path, package in wanted.items():
            download.fetch(
                f"{self.source.mirror(package.archive)}/{package.path}", path, tick, package.size
            )

    def _wanted(self, package: str, lists: Lists) -> tuple[str, dict[str, str]]:
        """Return the version of a package that ``NAME`` or ``NAME=VERSION`` asks for.

        :raises PackageError: there is none
        """
        name, _, version = package.partition("=")
        found = list(lists.candidates(name))
        if not found:
            message = f"{self.source.name} has no package {name} for {self.source.architecture}"
            raise PackageError(message, nearest(name, lists.versions), unknown=name)
        for archive, data in found:
            if version in {"", data["version"]}:
                return archive, data
        message = (
            f"{self.source.name} has no version {version} of {name} for {self.source.architecture}"
        )
        raise PackageError(message, f"leave the version out, or: {name}={found[0][1]['version']}")

    def _needed(
        self,
        expression: object,
        of: Mapping[str, str],
        lists: Lists,
        chosen: Mapping[str, tuple[str, dict[str, str]]],
    ) -> tuple[str, dict[str, str]]:
        """Return the package that satisfies a dependency: a chosen one, or the first."""
        alternatives = getattr(expression, "relationships", (expression,))
        found = [offer for wanted in alternatives for offer in offers(wanted, lists)]
        for archive, data in found:
            if (
                data["package"] in chosen
                and chosen[data["package"]][1]["version"] == data["version"]
            ):
                return archive, data
        if not found:
            raise PackageError(
                f"{of['package']} of {self.source.name} needs {expression},"
                f" which does not exist for {self.source.architecture}",
                "the mirror may be in the middle of an update; try another one: --mirror",
            )
        return found[0]

    def _conflicts(self, chosen: Mapping[str, tuple[str, dict[str, str]]]) -> None:
        """Refuse packages that conflict.

        :raises PackageError: two do
        """
        for _, data in chosen.values():
            for key in ("conflicts", "breaks"):
                for wanted in expressions(data.get(key, "")):
                    other = chosen.get(wanted.name)
                    if (
                        other is not None
                        and other[1] is not data
                        and suits(wanted, other[1]["version"])
                    ):
                        raise PackageError(
                            f"{data['package']} and {wanted.name} of {self.source.name} conflict",
                            "create one sysroot for each, or install apt, whose solver may succeed",
                        )

    def _lists(self) -> Lists:
        """Return the package lists, fetching them again if they are old."""
        self.progress.step(
            f"reading the package lists of {self.source.name} for {self.source.architecture}"
        )
        lists = Lists()
        for archive, (mirror, suites) in self.source.archives.items():
            for suite in suites:
                for component in self.source.archive.components:
                    lists.read(
                        archive,
                        self._list(
                            f"{mirror}/dists/{suite}",
                            f"{component}/binary-{self.source.architecture}/Packages.xz",
                        ),
                    )
        return lists

    def _list(self, place: str, name: str) -> str:
        """Return one package list, whose hash is in the signed ``InRelease``."""
        path = self.file(place, name)
        if path is None:
            return ""
        most = self._release(place)[1].get(name.removesuffix(".xz"), _MOST)
        return text_of(path, most, f"{place}/{name}")

    def file(self, place: str, name: str) -> Path | None:
        """Return a compressed list that the signed ``InRelease`` names, or None if it does not.

        :raises IntegrityError: its hash is wrong, or it only exists in another compression
        :raises NetworkError: it cannot be fetched
        """
        hashes, sizes = self._release(place)
        plain, dot, ending = name.rpartition(".")
        if name not in hashes:
            if any(f"{plain}{other}" in hashes for other in _PACKED):
                raise IntegrityError(
                    f"{place} has {name} only in another compression",
                    "try another mirror: --mirror",
                )
            return None
        path = self.folder / f"{hashes[name]}{dot}{ending}"
        if not path.is_file():
            with aside.folder(self.folder) as made:
                fresh = made.path / path.name
                download.fetch(
                    f"{place}/{name}",
                    fresh,
                    lambda: self.progress.alive(fresh.stat().st_size),
                    sizes.get(name),
                )
                if digest(fresh) != hashes[name]:
                    raise IntegrityError(
                        f"{place}/{name} is not what its publisher signed",
                        "the mirror may be in the middle of an update; try another one: --mirror",
                    )
                fresh.replace(path)
        return path

    def _release(self, place: str) -> tuple[dict[str, str], dict[str, int]]:
        """Return the hashes and the sizes in a release's signed ``InRelease``, by path."""
        kept = self.folder / f"{hashlib.sha256(place.encode()).hexdigest()[:16]}.InRelease"
        age = time.time() - kept.stat().st_mtime if kept.is_file() else None
        if age is None or not 0 <= age < FRESH:
            with aside.folder(self.folder) as made:
                fresh = made.path / "InRelease"
                try:
                    download.fetch(f"{place}/InRelease", fresh, lambda: None)
                    text = self._signed(fresh, place)
                    if age is not None:
                        self._not_before(
                            date(get_paragraph_data(self._signed(kept, place)), place), text, place
                        )
                    os.utime(fresh)
                    fresh.replace(kept)
                except NetworkError as error:
                    if age is None:
                        raise
                    self.progress.warning(
                        f"{error.message}; using the package lists of {age / 86400:.0f} days ago"
                    )
        return read_release(self._signed(kept, place), place)

    @staticmethod
    def _not_before(known: float, text: str, place: str) -> None:
        """Refuse a list older than one that was read before: somebody may be holding back updates.

        :param known: when the earlier one was made, in seconds since 1970
        :raises IntegrityError: the list is older
        """
        if date(get_paragraph_data(text), place) < known:
            before = time.strftime("%F %R", time.gmtime(known))
            raise IntegrityError(
                f"{place} is older than what was read before, which is from {before}",
                "try another mirror: --mirror",
            )

    def _signed(self, path: Path, place: str) -> str:
        """Return the text of a file that is signed by one of the distribution's keys."""
        tool = next((found for name in _VERIFIERS if (found := programs.which(name))), None)
        if tool is None:
            raise ToolError(
                "gpgv is missing, which checks the signatures of packages", "install gnupg or gpgv"
            )
        if not Path(self.source.keyring).is_file():
            raise IntegrityError(
                f"the keys of {self.source.distribution.title} are missing: {self.source.keyring}",
                f"install {Path(self.source.keyring).stem}, or name a file with --keyring",
            )
        with aside.folder(self.folder) as made:
            text = made.path / "text"
            command = [
                tool,
                "--status-fd",
                "1",
                "--keyring",
                os.path.abspath(self.source.keyring),  # noqa: PTH100 - as it is
                "--output",
                str(text),
                str(path),
            ]
            said = programs.watch(command, lambda: None)
            if not _SIGNED.search(said.output) or _BAD.search(said.output) or not text.is_file():
                raise IntegrityError(
                    f"{place} is not signed by a key of {self.source.keyring}", said.errors.strip()
                )
            return text.read_text("utf-8")

    def names(self) -> frozenset[str]:
        """Return the names of all packages."""
        return frozenset(self._lists().versions)
