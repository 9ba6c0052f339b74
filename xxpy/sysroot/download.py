"""Download one file over HTTP: what is there already of it is gone on with."""

from __future__ import annotations

import http
import http.client
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

from xxpy.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK: Final = 1 << 16
_PATIENCE: Final = 60
"""How long nothing may come, in seconds."""

_TRIES: Final = 3
_NOT_SATISFIABLE: Final = 416


def fetch(address: str, path: Path, tick: Callable[[], None]) -> None:
    """Download *address* to *path*; *tick* is called as bytes come. Proxies are those of the environment.

    :raises NetworkError: it cannot be had
    """
    if not address.startswith(("http://", "https://", "file:///")):
        raise NetworkError(f"{address} is no address that can be read", "http://…, https://… or file:///…")
    for left in reversed(range(_TRIES)):
        try:
            _go_on(address, path, tick)
        except urllib.error.HTTPError as error:
            if error.code == _NOT_SATISFIABLE:
                path.unlink(missing_ok=True)
                continue
            raise NetworkError(
                f"{address} cannot be fetched: {error.code} {error.reason}", "another mirror may have it: --mirror"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            if left:
                continue
            reason = getattr(error, "reason", None) or error
            raise NetworkError(f"{address} cannot be fetched: {reason}", "is there a network, and is the mirror right?") from error
        else:
            return
    raise NetworkError(f"{address} cannot be fetched whole", "another mirror may have it: --mirror")


def _go_on(address: str, path: Path, tick: Callable[[], None]) -> None:
    have = path.stat().st_size if path.is_file() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - the schemes are checked
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - likewise
        resumed = getattr(answer, "status", None) == http.HTTPStatus.PARTIAL_CONTENT
        expected = answer.headers.get("Content-Length")
        got = 0
        with path.open("ab" if resumed else "wb") as file:
            while chunk := answer.read(_CHUNK):
                file.write(chunk)
                got += len(chunk)
                tick()
        if expected is not None and got != int(expected):
            raise http.client.IncompleteRead(b"", int(expected) - got)
