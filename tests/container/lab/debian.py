"""Debian packages unpacked beside the system: by an apt with a state of its own, and without running their scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.container.lab.commands import run

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_MIRROR: Final = "http://deb.debian.org/debian"
KEYRING: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"


def machine() -> str:
    """Return Debian's name of this machine's architecture."""
    return run("dpkg", "--print-architecture").strip()


def mirror() -> str:
    """Return the archive that this machine installs from, without its updates and security archives."""
    listed = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)").splitlines()
    releases = (line.split() for line in listed if len(line.split()) == 2)
    return next(
        (uri.rstrip("/") for uri, release in releases if "-" not in release), DEFAULT_MIRROR
    )


def unpack(suite: str, architecture: str, packages: tuple[str, ...], folder: Path) -> None:
    """Download packages of a suite for an architecture and unpack them below *folder*, without what they depend on."""
    state = folder.with_name(folder.name + ".apt")
    for name in ("lists/partial", "cache/archives/partial", "packages"):
        (state / name).mkdir(parents=True, exist_ok=True)
    sources = state / "debian.sources"
    sources.write_text(
        f"Types: deb\nURIs: {mirror()}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYRING}\n"
    )
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State::Lists": state / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "root",
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
    }
    apt = [
        "env",
        "--chdir",
        str(state / "packages"),
        "apt-get",
        "-q",
        *(f"-o{name}={value}" for name, value in settings.items()),
    ]
    run(*apt, "update")
    run(*apt, "download", *packages)
    for package in sorted((state / "packages").glob("*.deb")):
        run("dpkg-deb", "-x", package, folder)
