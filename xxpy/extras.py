"""How to install the extras of xxpy's package from the place that xxpy was installed from."""

from __future__ import annotations

import json
import shlex
import sys
from importlib import metadata
from typing import Final
from urllib.parse import unquote, urlsplit

NAME: Final = "xxpy"
_ORIGIN: Final = "direct_url.json"
"""The file in which pip records what it installed
(https://packaging.python.org/en/latest/specifications/direct-url)."""


def command(extra: str) -> str:
    """Return the command that installs an extra from the place that xxpy was installed from.

    It names the path of a checkout or a wheel, or the address of a repository. It uses an index
    only if xxpy came from one.
    """
    return f"{_pip()} install {_quoted(_requirement(extra))}"


def _requirement(extra: str) -> str:
    """Return the argument of pip for xxpy with an extra."""
    try:
        text = metadata.distribution(NAME).read_text(_ORIGIN)
    except metadata.PackageNotFoundError:
        text = None
    if text is None:
        return f"{NAME}[{extra}]"
    origin = json.loads(text)
    url = str(origin["url"])
    if "vcs_info" in origin:
        return f"{NAME}[{extra}] @ {origin['vcs_info']['vcs']}+{url}"
    parts = urlsplit(url)
    return (
        f"{unquote(parts.path)}[{extra}]" if parts.scheme == "file" else f"{NAME}[{extra}] @ {url}"
    )


def _pip() -> str:
    """Return the command of the pip that installs for this Python."""
    return "pip" if sys.prefix == sys.base_prefix else f"{shlex.quote(sys.executable)} -m pip"


def _quoted(word: str) -> str:
    return f"'{word}'" if "'" not in word else shlex.quote(word)
