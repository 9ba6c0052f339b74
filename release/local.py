"""Services on this machine that stand for the public ones: an index of packages, and a registry."""

from __future__ import annotations

import functools
import hashlib
import http.server
import re
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SECONDS: Final = 30
"""How long a service may take to start."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


def write_index(files: Path, folder: Path) -> None:
    """Write the pages of a simple index (PEP 503) for the archives in *files*."""
    projects: dict[str, list[str]] = {}
    for path in sorted(files.iterdir()):
        name = re.sub(r"[-_.]+", "-", _project(path.name)).lower()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        link = f'<a href="../../files/{path.name}#sha256={digest}">{path.name}</a>'
        projects.setdefault(name, []).append(link)
    for name, links in projects.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "index.html").write_text("<br>\n".join(links))


def _project(file: str) -> str:
    """Return the project of a wheel or an sdist.

    >>> _project("hatch_vcs-0.5.0-py3-none-any.whl"), _project("xxpy-0.1.0rc1.tar.gz")
    ('hatch_vcs', 'xxpy')
    """
    return file.partition("-")[0] if file.endswith(".whl") else file.rpartition("-")[0]


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder over HTTP on this machine and return its address."""
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def registry(folder: Path) -> Iterator[str]:
    """Run a registry of images that keeps its files in *folder*, and return its host and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    folder.mkdir()
    configuration = folder / "config.yml"
    configuration.write_text(
        f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
        f"http: {{addr: '{address}'}}\n"
    )
    command = ["docker-registry", "serve", str(configuration)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            _wait(f"http://{address}/v2/")
            yield address
        finally:
            child.terminate()


def _wait(url: str) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - the address is our own
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
