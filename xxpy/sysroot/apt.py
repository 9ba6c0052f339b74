"""Find and download packages with apt: with its solver, signatures, mirrors and proxies.

Apt's state is kept apart from the system's: nothing of the machine's apt is changed or locked, and
root is not needed. From the machine's configuration apt reads how to reach archives (``Acquire``:
proxies, certificates, timeouts) and passwords (``auth.conf``), but neither its sources nor its
hooks. Each release and architecture has a state of its own, so that an architecture that a mirror
has only in part does not hinder the others.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from xxpy import posix
from xxpy.errors import IntegrityError, NetworkError, PackageError, ToolError, nearest
from xxpy.machine import aside, files, programs
from xxpy.sysroot import apt_failure, download
from xxpy.sysroot.apt_configuration import INHERITED, LIMITS, OWN, proxies
from xxpy.sysroot.description import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from xxpy.sysroot.description import Progress
    from xxpy.sysroot.release import Source

HELPER: Final = "/usr/lib/apt/apt-helper"
FRESH: Final = 3600
"""How long package lists count as fresh, in seconds."""

_BRAND_NEW: Final = 60
"""How long they count as fresh after a package was not found, in seconds."""

_LINE: Final = re.compile(
    r"'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})"
)
"""What ``apt-get --print-uris`` prints for a package::

    'http://deb.debian.org/debian/pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_arm64.deb'
    zlib1g_1%3a1.2.13.dfsg-1_arm64.deb 82744 SHA256:52b8b8…
"""


def available() -> bool:
    """Whether this machine has apt with all the tools that are used."""
    return (
        programs.which("apt-get") is not None
        and programs.which("apt-cache") is not None
        and Path(HELPER).is_file()
    )


class Apt:
    """The packages of one source.

    :param folder: where the state is; created as needed, and locked by the caller
    """

    def __init__(self, source: Source, folder: Path, progress: Progress) -> None:
        self.source = source
        self.folder = folder
        self.progress = progress
        own = {
            "LC_ALL": "C.UTF-8",
            "APT_CONFIG": str(folder / "apt.conf"),
            "DEBIAN_FRONTEND": "noninteractive",
        }
        self.environment = {**os.environ, **proxies(os.environ), **own}

    def resolve(self, packages: Sequence[str]) -> tuple[Package, ...]:
        """Return these packages and everything that they depend on.

        :raises PackageError: one is unknown, or conflicts with the others
        :raises IntegrityError: a signature or a hash of the package lists is wrong
        :raises NetworkError: the package lists cannot be fetched
        """
        self._update(FRESH)
        listed = self._solve(packages)
        if listed.status:
            self._update(_BRAND_NEW)
            listed = self._solve(packages)
        if listed.status:
            raise self._refused(packages, listed.errors)
        found = [
            _LINE.fullmatch(line) for line in listed.output.splitlines() if line.startswith("'")
        ]
        return tuple(sorted(self._package(match) for match in found if match is not None))

    def fetch(self, wanted: Mapping[Path, Package], tick: Callable[[], None]) -> None:
        """Download packages, each to the path that is its key.

        *tick* is called several times a second.

        :raises IntegrityError: one is not what it should be
        :raises NetworkError: one cannot be fetched
        """
        self.configure()
        words = [
            word
            for path, package in wanted.items()
            for word in (
                f"{self.source.mirror(package.archive)}/{package.path}",
                str(path),
                f"SHA256:{package.sha256}",
            )
        ]
        done = programs.watch(
            [HELPER, *self.options(), "download-file", *words], tick, environment=self.environment
        )
        if done.status:
            raise self.failure(
                f"packages of {self.source.name} for {self.source.architecture}", done.errors
            )

    def options(self) -> list[str]:
        """Return the options that make apt use this state, and no other file of the system."""
        folder, architecture = self.folder, self.source.architecture
        settings = {
            "Dir": folder,
            "Dir::Etc::sourcelist": folder / "sources.list",
            "Dir::Etc::netrc": "/etc/apt/auth.conf",
            "Dir::Etc::netrcparts": "/etc/apt/auth.conf.d",
            "Dir::State": folder,
            "Dir::State::status": folder / "status",
            "Dir::Cache": folder,
            "APT::Architecture": architecture,
            "APT::Architectures": architecture,
            **({"APT::Sandbox::User": "root"} if posix.geteuid() == 0 else {}),
        }
        return [f"-o{key}={value}" for key, value in settings.items()]

    def configure(self) -> None:
        """Write the files that apt reads in place of the system's."""
        dumped = programs.output(["apt-config", "dump"]).splitlines()
        inherited = "".join(f"{line}\n" for line in dumped if INHERITED.fullmatch(line))
        files.write(self.folder / "apt.conf", LIMITS + inherited + OWN)
        components = " ".join(self.source.archive.components)
        lines = [
            f"deb [signed-by={self.source.keyring}] {mirror} {suite} {components}\n"
            for mirror, suites in self.source.archives.values()
            for suite in suites
        ]
        files.write(self.folder / "sources.list", "".join(lines))
        files.write(self.folder / "status", "")
        for name in ("lists/partial", "archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def _update(self, age: int) -> None:
        """Fetch the package lists, unless they are younger than *age* seconds."""
        self.configure()
        stamp = self.folder / "updated"
        sources = (self.folder / "sources.list").read_text()
        known = stamp.is_file() and stamp.read_text() == sources
        if known and 0 <= time.time() - stamp.stat().st_mtime < age:
            return
        if not Path(self.source.keyring).is_file():
            raise IntegrityError(
                f"the keys of {self.source.distribution.title} are missing: {self.source.keyring}",
                f"install {Path(self.source.keyring).stem}, or name a file with --keyring",
            )
        self.progress.step(
            f"reading the package lists of {self.source.name} for {self.source.architecture}"
        )
        done = programs.watch(
            ["apt-get", *self.options(), "-q", "update"], self._alive, environment=self.environment
        )
        if done.status == 0:
            stamp.unlink(missing_ok=True)
            files.write(stamp, sources)
            return
        failure = self.failure(
            f"the package lists of {self.source.name} for {self.source.architecture}", done.errors
        )
        if not isinstance(failure, NetworkError) or not known:
            raise failure
        when = time.strftime("%F %R", time.localtime(stamp.stat().st_mtime))
        self.progress.warning(f"{failure.message}; using those of {when}")

    def failure(self, what: str, said: str) -> IntegrityError | NetworkError:
        """Return the error for what apt prints when it cannot fetch."""
        return apt_failure.failure(what, said, self._begin_of)

    def _begin_of(self, address: str) -> bytes | None:
        """Return the first bytes that an address sends through apt's connection, or None."""
        with aside.folder(self.folder) as made:
            path = made.path / "answer"

            def enough() -> None:
                if max(map(_size, made.path.iterdir()), default=0) > download.MOST:
                    raise IntegrityError(
                        f"{address} never stops sending", "try another mirror: --mirror"
                    )

            done = programs.watch(
                [HELPER, *self.options(), "download-file", address, str(path)],
                enough,
                environment=self.environment,
            )
            if done.status != 0 or not path.is_file():
                return None
            with path.open("rb") as file:
                return file.read(download.BEGIN)

    def _alive(self) -> None:
        """Report how much of the package lists has come."""
        self.progress.alive(sum(_size(path) for path in (self.folder / "lists").glob("**/*")))

    def _solve(self, packages: Sequence[str]) -> programs.Done:
        command = ["apt-get", *self.options(), "-qq", "--print-uris", "install", *packages]
        return programs.watch(command, _nothing, environment=self.environment)

    def _package(self, match: re.Match[str]) -> Package:
        """Return the package that apt would download.

        :raises ToolError: apt would take it from an archive that was not configured
        """
        uri = match["uri"]
        for name, (mirror, _) in self.source.archives.items():
            if uri.startswith(f"{mirror}/"):
                title, version, architecture = match["file"].removesuffix(".deb").split("_")
                path = unquote(uri.removeprefix(f"{mirror}/"))
                return Package(
                    title,
                    unquote(version),
                    architecture,
                    name,
                    path,
                    int(match["size"]),
                    match["sha256"],
                )
        raise ToolError(f"apt took a package from another archive: {uri}")

    def _refused(self, packages: Sequence[str], said: str) -> PackageError:
        """Return the error for packages that apt cannot install, naming unknown ones."""
        known = self.names()
        for package in packages:
            name, _, version = package.partition("=")
            if name not in known:
                message = f"{self.source.name} has no package {name} for {self.source.architecture}"
                return PackageError(message, nearest(name, known), unknown=name)
            if version and f"'{name}' was not found" in said:
                message = (
                    f"{self.source.name} has no version {version} of {name}"
                    f" for {self.source.architecture}"
                )
                return PackageError(
                    message, f"leave the version out, or: {name}={self._version(name)}"
                )
        message = (
            f"apt finds no solution for {', '.join(packages)} in {self.source.name}"
            f" for {self.source.architecture}"
        )
        details = programs.watch(
            ["apt-get", *self.options(), "-q", "--simulate", "install", *packages],
            _nothing,
            environment=self.environment,
        )
        unmet = [line.strip() for line in details.output.splitlines() if line.startswith(" ")]
        return PackageError(
            message,
            "\n".join(unmet or [line for line in said.splitlines() if line.startswith("E:")]),
        )

    def names(self) -> frozenset[str]:
        """Return the names of all packages."""
        self._update(FRESH)
        listed = programs.output(
            ["apt-cache", *self.options(), "search", "--names-only", "."],
            environment=self.environment,
        )
        return frozenset(line.split(" ", 1)[0] for line in listed.splitlines())

    def _version(self, name: str) -> str:
        """Return the version of a package that apt would install."""
        shown = programs.output(
            ["apt-cache", *self.options(), "show", "--no-all-versions", name],
            environment=self.environment,
        )
        found = re.search(r"^Version: (.*)$", shown, re.MULTILINE)
        return "" if found is None else found[1]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # apt has just renamed it
        return 0


def _nothing() -> None:
    """Do nothing."""
