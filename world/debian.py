"""Source packages of Debian, through apt with a configuration of its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import IntegrityError, NetworkError, PackageError
from xxpy.machine import resources

if TYPE_CHECKING:
    from pathlib import Path

RELEASES: Final = {"debian": "12", "debian-13": "13"}
"""The release of Debian behind each prefix of a source."""
_ENDINGS: Final = (".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".tar.lzma")


@dataclass(frozen=True, slots=True)
class Archive:
    """An upstream archive.

    :param name: its file name
    :param sha256: its hash
    """

    name: str
    sha256: str


def apt(state: Path, release: str, *words: str) -> str:
    """Run a command of apt on the sources of one release and return what it says.

    :param state: the folder with its lists
    :raises NetworkError: it fails
    """
    home = state / f"debian-{release}"
    if not (home / "apt.conf").is_file():
        _configure(home, release)
    environment = {"APT_CONFIG": str(home / "apt.conf"), "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NetworkError(f"{' '.join(words)} failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout


def _configure(home: Path, release: str) -> None:
    table = resources.table()
    mirror = table.archives["debian"].mirror
    releases = table.releases["debian"]
    codename = next(each.codename for each in releases if each.number == release)
    for folder in ("lists/partial", "cache/archives/partial"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    signed = "signed-by=/usr/share/keyrings/debian-archive-keyring.gpg"
    (home / "sources.list").write_text(f"deb-src [{signed}] {mirror} {codename} main\n")
    settings = (
        f'Dir::Etc::sourcelist "{home}/sources.list";',
        'Dir::Etc::sourceparts "/dev/null";',
        f'Dir::State::lists "{home}/lists";',
        f'Dir::Cache "{home}/cache";',
        'Debug::NoLocking "true";',
        'Acquire::Retries "3";',
    )
    (home / "apt.conf").write_text("\n".join(settings) + "\n")


def upstream(records: str, version: str) -> Archive | None:
    """Return the upstream archive of a version in the output of ``apt-cache showsrc``.

    The newest package of the version is taken. A native package has one archive, of any name.
    """
    for record in records.split("\n\n"):
        lines = record.splitlines()
        fields = dict(line.split(": ", 1) for line in lines if line[:1].strip() and ": " in line)
        found = fields.get("Version", "").partition(":")
        stripped = (found[2] or found[0]).rpartition("-")
        if version not in {stripped[0] or stripped[2], fields.get("Version")}:
            continue
        for name, sha256 in _hashes(lines):
            native = not stripped[0]
            if name.endswith(_ENDINGS) and (native or ".orig.tar" in name):
                return Archive(name, sha256)
    return None


def _hashes(lines: list[str]) -> list[tuple[str, str]]:
    if "Checksums-Sha256:" not in lines:
        return []
    found = []
    for line in lines[lines.index("Checksums-Sha256:") + 1 :]:
        if not line.startswith(" "):
            break
        sha256, _size, name = line.split()
        found.append((name, sha256))
    return found


def find(state: Path, prefix: str, name: str, version: str) -> Archive:
    """Return the upstream archive of a source package.

    :raises PackageError: the release does not have the version
    """
    release = RELEASES[prefix]
    if not (state / f"debian-{release}" / "updated").is_file():
        apt(state, release, "apt-get", "update")
        (state / f"debian-{release}" / "updated").touch()
    found = upstream(apt(state, release, "apt-cache", "showsrc", "--only-source", name), version)
    if found is None:
        raise PackageError(f"Debian {release} has no source {name} {version}")
    return found


def fetch(state: Path, source: tuple[str, str, str], sha256: str, folder: Path) -> Path:
    """Download the upstream archive of ``(prefix, name, version)``.

    :raises IntegrityError: it has another hash
    """
    prefix, name, version = source
    found = find(state, prefix, name, version)
    if found.sha256 != sha256:
        raise IntegrityError(f"{found.name} has the hash {found.sha256}, not {sha256}")
    release = RELEASES[prefix]
    words = ("apt-get", "source", "--print-uris", "--only-source", name)
    for line in apt(state, release, *words).splitlines():
        address, _, rest = line.partition(" ")
        if rest.split(" ")[0] == found.name:
            target = folder / found.name
            helper = "/usr/lib/apt/apt-helper"
            apt(state, release, helper, "download-file", address.strip("'"), str(target))
            return target
    raise NetworkError(f"apt names no address of {found.name}")
