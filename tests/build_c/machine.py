"""This machine as if some of its programs were not installed, and a port of it that is free."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def path_without(folder: Path, *names: str) -> str:
    """Fill *folder* with links to all programs of PATH but those named, and return it as PATH."""
    folder.mkdir()
    for place in map(Path, os.get_exec_path()):
        for program in place.iterdir() if place.is_dir() else ():
            if program.name not in names and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    return str(folder)


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
