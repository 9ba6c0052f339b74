"""How to install what xxpy needs for some commands only: the extras of its package, from where it was installed itself."""

from __future__ import annotations

import json
import shlex
import sys
from importlib import metadata
from typing import Final
from urllib.parse import unquote, urlsplit

NAME: Final = "xxpy"
_ORIGIN: Final = "direct_url.json"
"""Where pip writes down what it was given (https://packaging.python.org/en/latest/specifications/direct-url)."""


def command(extra: str) -> str:
    """Return the command that installs an extra; ``xxpy`` means what pip was given when it installed xxpy.

    A checkout or a wheel is named by its path and a repository by its address; an index is asked
    only where xxpy came from one.
    """
    return f"{_pip()} install {_quoted(_requirement(extra))}"


def _requirement(extra: str) -> str:
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
    """Return how pip is called that installs for this Python."""
    return "pip" if sys.prefix == sys.base_prefix else f"{shlex.quote(sys.executable)} -m pip"


def _quoted(word: str) -> str:
    return f"'{word}'" if "'" not in word else shlex.quote(word)
