"""Sources of projects: downloaded through the client of each registry, checked, and unpacked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from world import debian
from xxpy.errors import ConfigurationError, IntegrityError, NetworkError
from xxpy.machine.files import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from world.entries import Entry


def split(source: str) -> tuple[str, str, str]:
    """Return the kind, the name and the version of a source.

    >>> split("debian:jq/1.6")
    ('debian', 'jq', '1.6')
    >>> split("go:github.com/mattn/go-sqlite3@v1.14.22")
    ('go', 'github.com/mattn/go-sqlite3', 'v1.14.22')

    :raises ConfigurationError: it is not a source
    """
    kind, _, rest = source.partition(":")
    mark = {"sdist": "==", "go": "@", "crate": "@", "npm": "@"}.get(kind, "/")
    name, _, version = rest.rpartition(mark)
    if kind not in _FETCHERS or not name or not version:
        kinds = ", ".join(_FETCHERS)
        raise ConfigurationError(f"not a source: {source}", f"expected one of: {kinds}")
    return kind, name, version


def archive(entry: Entry, state: Path) -> Path:
    """Return the archive of a project, downloaded once, its hash checked.

    :raises IntegrityError: its hash is another one
    """
    kept = state / "archives" / entry.sha256
    if kept.is_file():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        source = split(entry.source)
        fetched = _FETCHERS[source[0]](source, entry.sha256, state, Path(scratch))
        found = digest(fetched)
        if found != entry.sha256:
            raise IntegrityError(f"{entry.source} has the hash {found}, not {entry.sha256}")
        fetched.replace(kept)
    return kept


def published(source: str, state: Path) -> str:
    """Return the hash of a source as it is published now, for a new entry."""
    parts = split(source)
    if parts[0] in debian.RELEASES:
        return debian.find(state, *parts).sha256
    with tempfile.TemporaryDirectory() as scratch:
        return digest(_FETCHERS[parts[0]](parts, "", state, Path(scratch)))


def unpack(path: Path, folder: Path) -> Path:
    """Unpack an archive and return the folder with the project.

    That is the only folder at the top, as long as there is nothing else.
    """
    folder.mkdir(parents=True)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as file:
            file.extractall(folder)  # noqa: S202 - the entry has the archive's hash
    else:
        with tarfile.open(path) as tar:
            # The Python of Debian 12 has no filters, and the entry has the archive's hash.
            tar.extraction_filter = getattr(tarfile, "tar_filter", None)
            tar.extractall(folder)  # noqa: S202 - as above
    return top(folder)


def top(folder: Path) -> Path:
    """Return the folder below which all is."""
    while True:
        inside = [path for path in folder.iterdir() if path.name != "pax_global_header"]
        if len(inside) != 1 or not inside[0].is_dir():
            return folder
        folder = inside[0]


def prepare(entry: Entry, state: Path, folder: Path) -> Path:
    """Unpack a project, write its configuration, and return its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    project = unpack(archive(entry, state), folder) / entry.folder
    for name, text in entry.files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in entry.executable:
        path = project / name
        path.chmod(path.stat().st_mode | 0o111)
    settings = configuration(entry)
    if settings:
        (project / "xxpy.toml").write_text(settings)
    return project


def configuration(entry: Entry) -> str:
    """Return the ``xxpy.toml`` of a project, or "".

    Debian 12 has no packages for riscv64; Debian 13 has them.
    """
    lines = [entry.config.strip()] if entry.config.strip() else []
    if entry.packages:
        packages = json.dumps(list(entry.packages))
        for goal in entry.goals:
            if goal.linux and not goal.libc:
                release = "trixie" if goal.platform == "linux/riscv64" else "bookworm"
                lines += [
                    f'[platform."{goal.platform}".sysroot]',
                    f'distribution = "debian:{release}"',
                    f"packages = {packages}",
                    "updates = false",
                ]
    return "\n".join(lines) + "\n" if lines else ""


def _debian(source: tuple[str, str, str], sha256: str, state: Path, folder: Path) -> Path:
    return debian.fetch(state / "apt", source, sha256, folder)


def _go(source: tuple[str, str, str], _sha256: str, _state: Path, folder: Path) -> Path:
    answer = json.loads(_run("go", "mod", "download", "-json", f"{source[1]}@{source[2]}"))
    return Path(shutil.copy(answer["Zip"], folder))


def _crate(source: tuple[str, str, str], _sha256: str, _state: Path, folder: Path) -> Path:
    """Let cargo fetch the crate as the dependency of an empty package."""
    package = folder / "package"
    (package / "src").mkdir(parents=True)
    (package / "src" / "lib.rs").touch()
    (package / "Cargo.toml").write_text(
        '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n'
        f'[dependencies]\n{source[1]} = "={source[2]}"\n'
    )
    _run("cargo", "fetch", cwd=package)
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    (found,) = home.glob(f"registry/cache/*/{source[1]}-{source[2]}.crate")
    return Path(shutil.copy(found, folder))


def _sdist(source: tuple[str, str, str], _sha256: str, _state: Path, folder: Path) -> Path:
    words = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:")
    _run(*words, f"--dest={folder}", f"{source[1]}=={source[2]}")
    return next(folder.iterdir())


def _npm(source: tuple[str, str, str], _sha256: str, _state: Path, folder: Path) -> Path:
    _run("npm", "pack", "--silent", f"--pack-destination={folder}", f"{source[1]}@{source[2]}")
    return next(folder.iterdir())


def _run(*words: str, cwd: Path | None = None) -> str:
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NetworkError(f"{' '.join(words)} failed: {last}")
    return done.stdout


_FETCHERS: Final[Mapping[str, Callable[[tuple[str, str, str], str, Path, Path], Path]]] = {
    **dict.fromkeys(debian.RELEASES, _debian),
    "go": _go,
    "crate": _crate,
    "sdist": _sdist,
    "npm": _npm,
}
