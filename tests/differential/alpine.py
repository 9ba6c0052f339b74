"""Alpine's package manager where it is found, and packages and repositories for it that a test makes.

A package of Alpine is two or three gzip streams, one behind the other: a signature, what the package is (``.PKGINFO``, scripts), and its
files, each a tar archive of which only the last has an end: https://wiki.alpinelinux.org/wiki/Apk_spec. A signed index is the same: a
signature in front of ``APKINDEX.tar.gz``.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
VARIABLE: Final = "XXPY_APK"
"""Names further apks, separated like the folders of PATH."""
TOOLS: Final = "shared/tools"
"""A folder beside the project, or beside the folder of its work trees, in which the apks are named ``apk-VERSION``."""


def apks() -> tuple[Path, ...]:
    """Return each apk of this machine: that on PATH, those that :data:`VARIABLE` names, and those in :data:`TOOLS`."""
    on_path = shutil.which("apk")
    named = [Path(word) for word in os.environ.get(VARIABLE, "").split(os.pathsep) if word]
    beside = [
        path
        for folder in (ROOT.parent, ROOT.parents[1])
        for path in sorted((folder / TOOLS).glob("apk-*"))
    ]
    return tuple(
        dict.fromkeys(
            path.resolve() for path in ([Path(on_path)] if on_path else []) + named + beside
        )
    )


@dataclass(frozen=True)
class Package:
    """What a package is made of.

    :param files: its files by their paths; a text that begins with ``-> `` is a link
    :param programs: paths among them that can be run
    :param script: the text of what runs after the installation
    """

    name: str
    files: Mapping[str, bytes | str] = field(default_factory=dict)
    version: str = "1.0-r0"
    depends: Sequence[str] = ()
    provides: Sequence[str] = ()
    programs: Sequence[str] = ()
    script: str = ""


@dataclass(frozen=True)
class Key:
    """A pair of keys; *public* is the file that ``/etc/apk/keys`` takes."""

    private: Path
    public: Path

    def signature(self, signed: bytes) -> bytes:
        """Return the stream that goes in front of what it signs."""
        made = subprocess.run(
            ["openssl", "dgst", "-sha1", "-sign", str(self.private)],
            input=signed,
            capture_output=True,
            check=True,
        )
        return _stream({f".SIGN.RSA.{self.public.name}": made.stdout})


def key(folder: Path, name: str = "tests") -> Key:
    """Make a pair of keys in a folder."""
    private, public = folder / f"{name}.rsa", folder / f"{name}.rsa.pub"
    subprocess.run(
        ["openssl", "genrsa", "-out", str(private), "2048"], capture_output=True, check=True
    )
    subprocess.run(
        ["openssl", "rsa", "-in", str(private), "-pubout", "-out", str(public)],
        capture_output=True,
        check=True,
    )
    return Key(private, public)


def _member(path: str, content: bytes | str, *, runs: bool) -> tuple[tarfile.TarInfo, bytes]:
    member = tarfile.TarInfo(path)
    member.uname = member.gname = "root"
    if isinstance(content, str) and content.startswith("-> "):
        member.type, member.linkname = tarfile.SYMTYPE, content.removeprefix("-> ")
        content = b""
    data = content.encode() if isinstance(content, str) else content
    member.size, member.mode = len(data), 0o755 if runs else 0o644
    digest = hashlib.sha1(
        data if member.isreg() else member.linkname.encode(), usedforsecurity=False
    ).hexdigest()
    member.pax_headers = {"APK-TOOLS.checksum.SHA1": digest}
    return member, data


def _stream(
    files: Mapping[str, bytes | str], programs: Sequence[str] = (), *, ends: bool = False
) -> bytes:
    """Return files as one compressed archive, which need not have an end."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        folders = {parent.as_posix() for path in files for parent in Path(path).parents} - {"."}
        for folder in sorted(folders):
            member = tarfile.TarInfo(folder)
            member.type, member.mode, member.uname, member.gname = (
                tarfile.DIRTYPE,
                0o755,
                "root",
                "root",
            )
            archive.addfile(member)
        for path, content in files.items():
            member, data = _member(path, content, runs=path in programs)
            archive.addfile(member, io.BytesIO(data))
        end = archive.offset
    return gzip.compress(raw.getvalue() if ends else raw.getvalue()[:end], mtime=0)


def write(package: Package, architecture: str, folder: Path, signer: Key) -> Path:
    """Write a package for an architecture, as Alpine names it, into a folder."""
    data = _stream(package.files, package.programs, ends=True)
    facts = [
        ("pkgname", package.name),
        ("pkgver", package.version),
        ("pkgdesc", f"{package.name} of a test"),
        ("arch", architecture),
        ("size", str(sum(len(content) for content in package.files.values()))),
        ("license", "MIT"),
        *(("depend", name) for name in package.depends),
        *(("provides", name) for name in package.provides),
        ("datahash", hashlib.sha256(data).hexdigest()),
    ]
    control: dict[str, bytes | str] = {
        ".PKGINFO": "".join(f"{key} = {value}\n" for key, value in facts)
    }
    if package.script:
        control[".post-install"] = package.script
    described = _stream(control, [".post-install"])
    path = folder / f"{package.name}-{package.version}.apk"
    path.write_bytes(signer.signature(described) + described + data)
    return path


def repository(
    folder: Path, architecture: str, packages: Sequence[Package], signer: Key, apk: Path
) -> None:
    """Make a signed repository for an architecture: its packages, and the index of them."""
    place = folder / architecture
    place.mkdir(parents=True)
    written = [write(package, architecture, place, signer) for package in packages]
    index = place / "APKINDEX.tar.gz"
    # An apk of any machine can make the index; the keys of this one do not matter.
    command = [
        str(apk),
        "--allow-untrusted",
        "index",
        "--rewrite-arch",
        architecture,
        "-o",
        str(index),
        *map(str, written),
    ]
    subprocess.run(command, capture_output=True, check=True)
    index.write_bytes(signer.signature(index.read_bytes()) + index.read_bytes())
