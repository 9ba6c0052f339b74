"""How to install the extras of xxpy's package from the place that xxpy was installed from."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

NAME: Final = "xxpy"
_CHECKOUT: Final = Path(__file__).resolve().parents[1]
_ORIGIN: Final = "direct_url.json"
"""The file in which pip records what it installed
(https://packaging.python.org/en/latest/specifications/direct-url)."""


def command(extra: str) -> str:
    """Return the command that installs an extra from the place that xxpy was installed from.

    It names the path of a checkout or a wheel, or the address of a repository. It uses an index
    only if xxpy came from one.
    """
    return f"{_pip()} install {_quoted(_requirement(extra))}"


def again() -> str:
    """Return the command that installs xxpy once more, from where it came."""
    return f"{_pip()} install --force-reinstall {_quoted(_requirement(''))}"


def pinned() -> str | None:
    """Return the requirement for pip that names this copy's source, or None if there is none.

    A commit of a repository and an archive with its hash do. A folder of this machine and a name
    that an index may give to anybody do not.
    """
    origin = _origin()
    if origin is None or urlsplit(str(origin["url"])).scheme not in {"https", "ssh"}:
        return None
    url = urlsplit(str(origin["url"]))
    if url.username or url.password or url.query or url.fragment:
        return None  # what is written into a file must hold no secret
    if "vcs_info" in origin:
        found = origin["vcs_info"]
        return f"{NAME} @ {found['vcs']}+{url.geturl()}@{found['commit_id']}"
    hashes = origin.get("archive_info", {}).get("hashes", {})
    if "sha256" in hashes:
        return f"{NAME} @ {url.geturl()}#sha256={hashes['sha256']}"
    return None


def _origin() -> dict[str, Any] | None:
    """Return the origin that pip recorded, or None for an index; a checkout is its folder."""
    from importlib import metadata  # noqa: PLC0415 - 10 ms, only for messages

    try:
        text = metadata.distribution(NAME).read_text(_ORIGIN)
    except metadata.PackageNotFoundError:
        return {"url": _CHECKOUT.as_uri()} if (_CHECKOUT / "pyproject.toml").is_file() else None
    return None if text is None else json.loads(text)


def _requirement(extra: str) -> str:
    wanted = f"[{extra}]" if extra else ""
    origin = _origin()
    if origin is None:
        return f"{NAME}{wanted}"
    url = str(origin["url"])
    if "vcs_info" in origin:
        return f"{NAME}{wanted} @ {origin['vcs_info']['vcs']}+{url}"
    parts = urlsplit(url)
    return f"{unquote(parts.path)}{wanted}" if parts.scheme == "file" else f"{NAME}{wanted} @ {url}"


def _pip() -> str:
    """Return the command of the pip that installs for this Python."""
    return "pip" if sys.prefix == sys.base_prefix else f"{shlex.quote(sys.executable)} -m pip"


def _quoted(word: str) -> str:
    return f"'{word}'" if "'" not in word else shlex.quote(word)
