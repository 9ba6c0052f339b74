"""Download one file over HTTP, within limits of size and time: what is there already of it is gone on with.

Where nothing comes for a while, or the connection breaks, or the server is busy, it is tried again,
after a pause that grows, from where it broke off (``Range``, RFC 9110 section 14). Proxies are
those of the environment: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``NO_PROXY``, in capitals or not, with
``USER:PASSWORD@`` where the proxy asks for that.
"""

from __future__ import annotations

import http
import http.client
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from xxpy.errors import IntegrityError, NetworkError
from xxpy.machine import files

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE: Final = 30
"""How long nothing may come, in seconds."""

MOST: Final = 1 << 24
"""Bytes of a file whose size nothing tells beforehand."""

_CHUNK: Final = 1 << 16
_TRIES: Final = 5
_PAUSE: Final = 0.5
"""Seconds before the second try; each further pause is twice as long."""
_LONGEST: Final = 30
"""Seconds that a server may ask to be left alone (``Retry-After``)."""

_NOT_SATISFIABLE: Final = 416
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others a moment later."""
_PAGES: Final = (b"<!doctype", b"<html", b"<?xml")
_TAG: Final = 16
BEGIN: Final = 1 << 10
"""Bytes by which a page of HTML is known, spaces before it included."""

_PARTS: Final = re.compile(r"bytes (\d+)-")


class _Lacking(Exception):  # noqa: N818 - it says that a file is not whole yet
    """Less has come than was promised."""


def fetch(address: str, path: Path, tick: Callable[[], None], size: int | None = None) -> None:
    """Download *address* to *path*; *tick* is called as bytes come.

    :param size: how many bytes the file has, where that is known
    :raises NetworkError: it cannot be had
    :raises IntegrityError: it is larger than it may be
    :raises OutputError: it cannot be written
    """
    if not address.startswith(("http://", "https://", "file:///")):
        raise NetworkError(
            f"{address} is no address that can be read", "http://…, https://… or file:///…"
        )
    pause = _PAUSE
    for left in reversed(range(_TRIES)):
        try:
            _go_on(address, path, tick, size)
        except urllib.error.HTTPError as error:
            asked = _handled(error, address, path, left)
        except (OSError, http.client.HTTPException, _Lacking) as error:
            if not left:
                reason = getattr(error, "reason", None) or error
                raise NetworkError(
                    f"{address} cannot be fetched: {reason}",
                    "is there a network, and is the mirror right?",
                ) from error
            asked = 0
        else:
            return
        time.sleep(max(pause, asked))
        pause *= 2
    raise NetworkError(f"{address} cannot be fetched whole", "another mirror may have it: --mirror")


def _handled(error: urllib.error.HTTPError, address: str, path: Path, left: int) -> int:
    """Return how many seconds the server asks to be left alone, if another try may help.

    :raises NetworkError: it does not
    """
    with error:
        if error.code == _NOT_SATISFIABLE:
            path.unlink(missing_ok=True)
        elif error.code not in _BUSY or not left:
            proxy = error.code == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
            hint = (
                "HTTP_PROXY takes the name: http://USER:PASSWORD@HOST:PORT"
                if proxy
                else "another mirror may have it: --mirror"
            )
            raise NetworkError(
                f"{address} cannot be fetched: {error.code} {error.reason}", hint
            ) from error
        asked = error.headers.get("Retry-After", "")
    return min(int(asked), _LONGEST) if asked.isascii() and asked.isdigit() else 0


def _go_on(address: str, path: Path, tick: Callable[[], None], size: int | None) -> None:
    have = path.stat().st_size if path.is_file() else 0
    if have and size is not None and have >= size:
        if have == size:
            return
        path.unlink()  # it is something else
        have = 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - the schemes are checked
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - likewise
        have = have if _goes_on(answer, have) else 0
        expected = answer.headers.get("Content-Length", "")
        most = MOST if size is None else size
        if answer.headers.get_content_type() == "text/html":
            raise unavailable(address, "a page of HTML")
        if expected.isdigit() and have + int(expected) > most:
            what = instead(answer.read(_CHUNK))
            raise unavailable(address, what) if what else _too_large(address, most)
        try:
            file = path.open("ab" if have else "wb")
        except OSError as error:
            raise files.unwritable(path, error) from error
        with file:
            got = _take(answer, file, tick, most - have, address)
        if expected.isdigit() and got != int(expected):
            raise _Lacking(f"{got} of {expected} bytes came")
        if not have + got and size is None:
            raise _Lacking("nothing came")
        if size is not None and have + got < size:
            raise _Lacking(f"{have + got} of {size} bytes came")


def _goes_on(answer: http.client.HTTPResponse, have: int) -> bool:
    """Whether an answer begins where the file that is there ends."""
    begins = _PARTS.match(answer.headers.get("Content-Range", ""))
    return (
        getattr(answer, "status", None) == http.HTTPStatus.PARTIAL_CONTENT
        and begins is not None
        and int(begins[1]) == have
    )


def _take(
    answer: http.client.HTTPResponse,
    file: IO[bytes],
    tick: Callable[[], None],
    most: int,
    address: str,
) -> int:
    """Write what comes to a file and return how much it was."""
    got = 0
    while chunk := answer.read1(_CHUNK):
        what = None if got else instead(chunk)
        if what:
            raise unavailable(address, what)
        got += len(chunk)
        if got > most:
            raise _too_large(address, most)
        try:
            file.write(chunk)
            file.flush()
        except OSError as error:
            raise files.unwritable(Path(file.name), error) from error
        tick()
    return got


def instead(begin: bytes) -> str | None:
    """Return what has come instead of a file, by its first bytes: a page for people, or nothing; else None.

    Networks that want a login send a page, and so do mirrors that are down.
    """
    if not begin:
        return "nothing"
    return "a page of HTML" if begin[:BEGIN].lstrip()[:_TAG].lower().startswith(_PAGES) else None


def unavailable(address: str, what: str) -> NetworkError:
    """Return the error of something that has come instead of a file."""
    return NetworkError(
        f"{address} is not available: {what} came instead",
        "does the network want a login, and is the mirror right?",
    )


def _too_large(address: str, most: int) -> IntegrityError:
    return IntegrityError(
        f"{address} is larger than {most} bytes, which is what it may have",
        "try another mirror: --mirror",
    )
