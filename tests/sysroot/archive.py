"""A signed archive of packages on this machine, as Debian's is, with a server that can be made to fail."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.sysroot.debs import Member, deb

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SUITES = ("bookworm", "bookworm-updates")
ESSENTIALS = ("libc6-dev", "libgcc-12-dev", "libstdc++-12-dev")


@dataclass
class Archive:
    """The folder of an archive, and what is in it.

    :param packages: the paragraphs of its package list
    :param contents: the index of the files of each architecture's packages
    """

    folder: Path
    packages: list[dict[str, str]] = field(default_factory=list)
    contents: dict[str, str] = field(default_factory=dict)

    @property
    def keyring(self) -> Path:
        return self.folder / "keyring.gpg"

    @classmethod
    def make(cls, folder: Path) -> Archive:
        """Make an archive with the packages that every sysroot has, and some more."""
        made = cls(folder)
        for name in ESSENTIALS:
            made.add(name)
        made.add("libgood-dev", depends="libgood1 (= 1.0-1), libvirtual")
        made.add("libgood1")
        made.add("libprovider1", provides="libvirtual (= 2)")
        made.add("libbig-dev", content=os.urandom(3_000_000))
        made.add("libold-dev", depends="libgood1 (>= 2~)")
        made.add("libhostile-dev", conflicts="libgood1 (<< 2~)")
        made.add("libupwards-dev", member="./usr/../../evil")
        made.add("libabsolute-dev", member="/tmp/evil")  # noqa: S108 - where it must not go
        made.add("libdevice-dev")
        made.publish()
        return made

    def add(
        self,
        name: str,
        *,
        content: bytes = b"x",
        member: str | None = None,
        version: str = "1.0-1",
        **relations: str,
    ) -> None:
        """Put a package into the pool and the list."""
        path = self.folder / f"pool/{name}_{version}_arm64.deb"
        path.parent.mkdir(parents=True, exist_ok=True)
        start = [Member("./usr/lib/aarch64-linux-gnu/crt1.o", b"")] if name == ESSENTIALS[0] else []
        deb(path, [*start, Member(member or f"./usr/share/{name}", content)])
        data = path.read_bytes()
        self.packages.append(
            {
                "Package": name,
                "Version": version,
                "Architecture": "arm64",
                "Maintainer": "Test <test@example.com>",
                "Description": "a test",
                **{key.capitalize(): value for key, value in relations.items()},
                "Filename": f"pool/{path.name}",
                "Size": str(len(data)),
                "SHA256": hashlib.sha256(data).hexdigest(),
            }
        )

    def publish(
        self, key: str = "good", fields: Mapping[str, str] | None = None, hashed: str = "SHA256"
    ) -> None:
        """Write and sign the lists.

        :param hashed: the field of the release that has their hashes
        """
        text = "".join(
            "".join(f"{key}: {value}\n" for key, value in paragraph.items()) + "\n"
            for paragraph in self.packages
        )
        for suite, content in zip(SUITES, (text, ""), strict=True):
            folder = self.folder / "dists" / suite
            listed = {
                f"main/binary-arm64/Packages{ending}": pack(content.encode())
                for ending, pack in (("", bytes), (".xz", lzma.compress))
            }
            for name, index in self.contents.items() if text is content else ():
                listed[f"main/Contents-{name}"] = index.encode()
                listed[f"main/Contents-{name}.gz"] = gzip.compress(index.encode(), mtime=0)
            for name, data in listed.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            hashes = "".join(
                f" {hashlib.sha256(data).hexdigest()} {len(data)} {name}\n"
                for name, data in listed.items()
            )
            head = {
                "Suite": suite,
                "Codename": suite,
                "Components": "main",
                "Architectures": "arm64",
                "Date": _date(0),
                **(fields or {}),
            }
            release = (
                "".join(f"{name}: {value}\n" for name, value in head.items())
                + f"{hashed}:\n{hashes}"
            )
            (folder / "Release").write_text(release)
            self._gpg(
                "--yes",
                "--local-user",
                f"{key}@example.com",
                "--output",
                str(folder / "InRelease"),
                "--clearsign",
                str(folder / "Release"),
            )

    def _gpg(self, *arguments: str) -> None:
        home = self.folder / "keys"
        command = [
            "gpg",
            "--homedir",
            str(home),
            "--batch",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
        ]
        if not home.is_dir():
            home.mkdir(mode=0o700)
            for name in ("good", "bad"):
                subprocess.run(
                    [
                        *command,
                        "--quick-gen-key",
                        f"{name}@example.com",
                        "ed25519",
                        "sign",
                        "never",
                    ],
                    check=True,
                    capture_output=True,
                )
            subprocess.run(
                [*command, "--output", str(self.keyring), "--export", "good@example.com"],
                check=True,
                capture_output=True,
            )
        subprocess.run([*command, *arguments], check=True, capture_output=True)


def _date(days: float) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(time.time() + days * 86400))


def past() -> dict[str, str]:
    """Return the fields of a release that has expired."""
    return {"Date": _date(-20), "Valid-Until": _date(-10)}


@dataclass
class Served:
    """An archive that is served.

    :param seen: each request: its path, and the Range that it asked for
    :param cut: the names of files of which the first answer breaks off in the middle
    :param held: the names of files of which the middle never comes, until it is emptied
    :param refused: the names of files that are answered with a status and a page instead
    """

    address: str
    archive: Archive
    seen: list[tuple[str, str]] = field(default_factory=list)
    cut: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def options(self) -> tuple[str, ...]:
        return (
            "--platform",
            "linux/arm64",
            "--distribution",
            "debian:bookworm",
            "--mirror",
            self.address,
            "--keyring",
            str(self.archive.keyring),
        )


@contextmanager
def served(archive: Archive) -> Iterator[Served]:
    """Serve an archive until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.seen.append((self.path, wanted))
            path = archive.folder / unquote(self.path).lstrip("/")
            status = state.refused.get(path.name) or (200 if path.is_file() else 404)
            if status >= 400:
                self.send_error(status)
                return
            data = path.read_bytes()
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            self.send_response(206 if wanted else 200)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
            self.end_headers()
            half = len(data) // 2
            if path.name in state.cut or path.name in state.held:
                state.cut.discard(path.name)
                self.wfile.write(data[start:half])
                self.wfile.flush()
                while path.name in state.held:
                    time.sleep(0.05)
                self.close_connection = True
                return
            self.wfile.write(data[start:])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = Served(f"http://127.0.0.1:{server.server_address[1]}", archive)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.held.clear()
        server.shutdown()
        server.server_close()
