"""Packages without apt: for machines of other distributions. The archive's own lists are read, and checked as apt checks them.

``InRelease`` is signed (gpgv checks it with the distribution's keys), names the hash of each
``Packages.xz``, and that the hash of each package
(https://wiki.debian.org/DebianRepository/Format). Dependencies are followed, not solved: of ``a |
b`` the first that there is, of several versions the newest, and nothing is tried again. For
libraries of a stable release that gives what apt gives; where it does not fit together, that is an
error that says so.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from debian_inspector.debcon import get_paragraph_data
from debian_inspector.deps import parse_depends
from debian_inspector.version import Version, eval_constraint

from xxpy import bounds, tarballs
from xxpy.errors import IntegrityError, NetworkError, PackageError, ToolError, nearest
from xxpy.machine import aside, programs
from xxpy.sysroot import download
from xxpy.sysroot.description import Package, fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from xxpy.sysroot.description import Progress
    from xxpy.sysroot.release import Source

FRESH: Final = 3600
"""How long package lists are taken for new, in seconds."""

_NAME: Final = re.compile(r"^Package: *(\S+)", re.MULTILINE)
_PROVIDES: Final = re.compile(r"^Provides: *(.+)", re.MULTILINE)
_QUALIFIER: Final = re.compile(r":(any|native)\b")
_SIGNED: Final = re.compile(r"^\[GNUPG:\] VALIDSIG ", re.MULTILINE)
_BAD: Final = re.compile(r"^\[GNUPG:\] (BADSIG|EXPKEYSIG|REVKEYSIG|EXPSIG) ", re.MULTILINE)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_COLUMNS: Final = 3
"""What stands in a line of a release: the hash, the size and the path of a list."""

_PACKED: Final = (".xz", ".gz", "")
_MOST: Final = 1 << 30
"""Bytes of a package list at most, where the release does not say how long it is; those of Debian and Ubuntu have a tenth of that."""

_VERIFIERS: Final = ("gpgv", "gpgv2")


@dataclass(slots=True)
class _Lists:
    """The paragraphs of all package lists.

    :param versions: the name of a package to its paragraphs, each with the archive that has it
    :param providers: the name of a virtual package to the packages that stand for it
    """

    versions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    providers: dict[str, list[str]] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    """Packages of which paragraphs cannot be read, each with their number; "" stands for those without a name."""

    def read(self, archive: str, text: str) -> None:
        """Add one list; a paragraph is parsed only when its package is wanted, because there are sixty thousand."""
        for paragraph in text.split("\n\n"):
            named = _NAME.search(paragraph)
            if named is None:
                if paragraph.strip():
                    self.left_out[""] = self.left_out.get("", 0) + 1
                continue
            self.versions.setdefault(named[1], []).append((archive, paragraph))
            provides = _PROVIDES.search(paragraph)
            for virtual in provides[1].split(",") if provides else ():
                self.providers.setdefault(virtual.split("(")[0].strip(), []).append(named[1])

    def candidates(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the versions of a package, the newest first, each with its archive."""
        parsed = [
            (archive, _paragraph(paragraph)) for archive, paragraph in self.versions.get(name, ())
        ]
        whole = [(archive, data) for archive, data in parsed if data is not None]
        if len(whole) < len(parsed):
            self.left_out.setdefault(name, len(parsed) - len(whole))
        yield from sorted(whole, key=lambda found: _version(found[1]["version"]), reverse=True)


class Indices:
    """The packages of one source, read from its archives.

    :param folder: where lists are kept; made as needed, and locked by the caller
    """

    def __init__(self, source: Source, folder: Path, progress: Progress) -> None:
        self.source = source
        self.folder = folder
        self.progress = progress

    def resolve(self, packages: Sequence[str]) -> tuple[Package, ...]:
        """Return what these packages and all that they depend on are.

        :raises PackageError: one is unknown, or does not go with the others
        :raises IntegrityError: a signature or a hash of the package lists is wrong
        :raises NetworkError: the package lists cannot be had
        :raises ToolError: nothing is here to check a signature
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
                    for expression in _expressions(data.get(key, ""))
                ]
        self._conflicts(chosen)
        self._tell(lists)
        return tuple(sorted(_package(archive, data) for archive, data in chosen.values()))

    def _tell(self, lists: _Lists) -> None:
        """Name what was left out of the lists."""
        for name, count in lists.left_out.items():
            what = f"versions of {name}" if name else "packages without a name"
            self.progress.warning(
                f"{self.source.name} for {self.source.architecture}: {count} {what} left out: they cannot be read"
            )

    def fetch(self, wanted: Mapping[Path, Package], tick: Callable[[], None]) -> None:
        """Download packages, each to the path that is its key; *tick* is called as bytes come.

        :raises NetworkError: one cannot be had
        """
        for path, package in wanted.items():
            download.fetch(
                f"{self.source.mirror(package.archive)}/{package.path}", path, tick, package.size
            )

    def _wanted(self, package: str, lists: _Lists) -> tuple[str, dict[str, str]]:
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
        lists: _Lists,
        chosen: Mapping[str, tuple[str, dict[str, str]]],
    ) -> tuple[str, dict[str, str]]:
        """Return the package that satisfies one dependency: one that is chosen already, else the first that there is."""
        alternatives = getattr(expression, "relationships", (expression,))
        offers = [offer for wanted in alternatives for offer in _offers(wanted, lists)]
        for archive, data in offers:
            if (
                data["package"] in chosen
                and chosen[data["package"]][1]["version"] == data["version"]
            ):
                return archive, data
        if not offers:
            raise PackageError(
                f"{of['package']} of {self.source.name} needs {expression}, which {self.source.architecture} does not have",
                "the mirror may be between two updates; try another one with --mirror",
            )
        return offers[0]

    def _conflicts(self, chosen: Mapping[str, tuple[str, dict[str, str]]]) -> None:
        for _, data in chosen.values():
            for key in ("conflicts", "breaks"):
                for wanted in _expressions(data.get(key, "")):
                    other = chosen.get(wanted.name)
                    if (
                        other is not None
                        and other[1] is not data
                        and _suits(wanted, other[1]["version"])
                    ):
                        raise PackageError(
                            f"{data['package']} and {wanted.name} of {self.source.name} do not go together",
                            "make a sysroot for each, or install apt, whose solver may find a way",
                        )

    def _lists(self) -> _Lists:
        """Return the package lists, fetched anew when they are old."""
        self.progress.step(
            f"reading the package lists of {self.source.name} for {self.source.architecture}"
        )
        lists = _Lists()
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
        """Return one package list, in the text that the signed ``InRelease`` vouches for."""
        hashes, sizes = self._release(place)
        if name not in hashes:
            plain = name.removesuffix(".xz")
            if any(f"{plain}{ending}" in hashes for ending in _PACKED):
                raise IntegrityError(
                    f"{place} has no {name}, only other forms of it", "try another mirror: --mirror"
                )
            return ""
        path = self.folder / f"{hashes[name]}.xz"
        if not path.is_file():
            with aside.folder(self.folder) as made:
                fresh = made.path / path.name
                download.fetch(
                    f"{place}/{name}",
                    fresh,
                    lambda: self.progress.alive(fresh.stat().st_size),
                    sizes.get(name),
                )
                data = fresh.read_bytes()
                if hashlib.sha256(data).hexdigest() != hashes[name]:
                    raise IntegrityError(
                        f"{place}/{name} is not what its publisher signed",
                        "the mirror may be between two updates; --mirror",
                    )
                fresh.replace(path)
        return _text(path, sizes.get(name.removesuffix(".xz"), _MOST), f"{place}/{name}")

    def _release(self, place: str) -> tuple[dict[str, str], dict[str, int]]:
        """Return the hashes and the sizes that a release's signed ``InRelease`` names, by path."""
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
                            _date(get_paragraph_data(self._signed(kept, place)), place), text, place
                        )
                    os.utime(fresh)
                    fresh.replace(kept)
                except NetworkError as error:
                    if age is None:
                        raise
                    self.progress.warning(
                        f"{error.message}; going on with the package lists of {age / 86400:.0f} days ago"
                    )
        return _read_release(self._signed(kept, place), place)

    @staticmethod
    def _not_before(known: float, text: str, place: str) -> None:
        """Refuse a list that is older than one that was read before: somebody may hold back updates.

        :param known: when the one that was read before was made, in seconds since 1970
        :raises IntegrityError: it is older
        """
        if _date(get_paragraph_data(text), place) < known:
            before = time.strftime("%F %R", time.gmtime(known))
            raise IntegrityError(
                f"{place} is older than what was read before, which is of {before}",
                "try another mirror: --mirror",
            )

    def _signed(self, path: Path, place: str) -> str:
        """Return the text of a file that is signed by one of the distribution's keys."""
        tool = next((found for name in _VERIFIERS if (found := programs.which(name))), None)
        if tool is None:
            raise ToolError(
                "gpgv is missing, which checks the signatures of packages", "install gnupg, or gpgv"
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


def _text(path: Path, most: int, place: str) -> str:
    """Return what is in a compressed package list.

    :param most: the bytes that may come out of it
    :raises IntegrityError: it is damaged, or larger
    """
    try:
        with bounds.opened(path) as file:
            return bounds.decoded(bounds.read(tarballs.plain(file), most))
    except tarballs.BROKEN as error:
        raise IntegrityError(
            f"{place} cannot be read: {error}", "try another mirror: --mirror"
        ) from error


def _read_release(text: str, place: str) -> tuple[dict[str, str], dict[str, int]]:
    """Return the hashes and the sizes that a release names, by path.

    :param place: where it is from: the address of the archive, ``/dists/``, and the suite
    :raises IntegrityError: it is of another suite, has expired, or is of another form
    """
    data = get_paragraph_data(text)
    suite = place.partition("/dists/")[2]
    if suite not in {data.get("suite"), data.get("codename")}:
        found = bounds.shown(data.get("codename") or data.get("suite"))
        raise IntegrityError(
            f"{place} is signed as the release {found}, not {suite}", "try another mirror: --mirror"
        )
    until = data.get("valid-until")
    if until is not None and _seconds(until, place) < time.time():
        raise IntegrityError(
            f"{place} has expired: it was valid until {until}",
            "the mirror is not kept; name another one with --mirror",
        )
    fields = [line.split() for line in data.get("sha256", "").splitlines()]
    listed = [
        line
        for line in fields
        if len(line) == _COLUMNS and _SHA256.fullmatch(line[0]) and line[1].isdecimal()
    ]
    if not listed:
        raise IntegrityError(
            f"{place} names no SHA256 of its package lists",
            "no other hash is taken; try another mirror: --mirror",
        )
    return {name: sha256 for sha256, _, name in listed}, {
        name: int(size) for _, size, name in listed
    }


def _date(data: Mapping[str, str], place: str) -> float:
    """Return when a release was made, in seconds since 1970.

    :raises IntegrityError: it does not say so
    """
    return _seconds(data.get("date", ""), place)


def _seconds(text: str, place: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise IntegrityError(
            f"{place} has a date that cannot be read: {bounds.shown(text)}",
            "try another mirror: --mirror",
        ) from error


def _version(text: str) -> Any:  # noqa: ANN401 - a Version of debian_inspector
    """Return a version that can be compared (Version.from_string refuses those that end in a tilde, as limits do)."""
    epoch, _, rest = text.rpartition(":")
    upstream, dash, revision = rest.rpartition("-")
    return Version(
        epoch=int(epoch or 0),
        upstream=upstream if dash else rest,
        revision=revision if dash else "0",
    )


def _suits(wanted: Any, version: str) -> bool:  # noqa: ANN401 - a relationship of debian_inspector
    """Whether a version satisfies ``name`` or ``name (>= version)``."""
    operator = getattr(wanted, "operator", None)
    return operator is None or bool(
        eval_constraint(_version(version), operator, _version(wanted.version))
    )


def _expressions(text: str) -> Iterable[Any]:
    found: Iterable[Any] = parse_depends(_QUALIFIER.sub("", " ".join(text.split())))
    return found


def _offers(
    wanted: Any,  # noqa: ANN401 - a relationship of debian_inspector, which has no types
    lists: _Lists,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the packages that satisfy ``name (>= version)``: of that name, the newest first, then those that stand for it."""
    for archive, data in lists.candidates(wanted.name):
        if _suits(wanted, data["version"]):
            yield archive, data
    for name in lists.providers.get(wanted.name, ()):
        for archive, data in lists.candidates(name):
            for provided in _expressions(data.get("provides", "")):
                version = getattr(provided, "version", None)
                if (
                    provided.name == wanted.name
                    and (version is not None or not hasattr(wanted, "operator"))
                    and _suits(wanted, version or "")
                ):
                    yield archive, data


def _paragraph(text: str) -> dict[str, str] | None:
    """Return what a list says of a package, or None where a field is missing or is not what it should be."""
    data: dict[str, str] = get_paragraph_data(text)
    try:
        package = _package("main", data)
        _version(package.version)
    except (KeyError, ValueError):
        return None
    return None if fault(package) else data


def _package(archive: str, data: Mapping[str, str]) -> Package:
    return Package(
        data["package"],
        data["version"],
        data["architecture"],
        archive,
        data["filename"],
        int(data["size"]),
        data["sha256"],
    )
