"""Download one file over HTTP, within limits of size and time, resuming where it broke off.

If nothing comes for a while, the connection breaks, or the server is busy, the download is tried
again after a growing pause, from where it broke off (``Range``, RFC 9110 section 14). Proxies come
from the environment: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``NO_PROXY``, in upper or lower case, with
``USER:PASSWORD@`` if the proxy asks for it.
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
"""How long to wait for the next byte, in seconds."""

MOST: Final = 1 << 24
"""The maximum size of a file whose size is not known beforehand."""

_CHUNK: Final = 1 << 16
_TRIES: Final = 5
_PAUSE: Final = 0.5
"""Seconds before the second try; each further pause is twice as long."""
_LONGEST: Final = 30
"""The longest pause that a server may ask for (``Retry-After``), in seconds."""

_NOT_SATISFIABLE: Final = 416
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may change a moment later."""
_PAGES: Final = (b"<!doctype", b"<html", b"<?xml")
_TAG: Final = 16
BEGIN: Final = 1 << 10
"""How many bytes are searched for the beginning of an HTML page."""

_PARTS: Final = re.compile(r"bytes (\d+)-")


class _Lacking(Exception):  # noqa: N818 - the file is not complete yet
    """Less has come than was announced."""


def fetch(address: str, path: Path, tick: Callable[[], None], size: int | None = None) -> None:
    """Download *address* to *path*; *tick* is called as bytes come.

    :param size: the size of the file in bytes, if known
    :raises NetworkError: it cannot be fetched
    :raises IntegrityError: it is too large
    :raises OutputError: it cannot be written
    """
    if not address.startswith(("http://", "https://", "file:///")):
        raise NetworkError(
            f"cannot read from the address {address}", "http://…, https://… or file:///…"
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
                    "check the network and the mirror",
                ) from error
            asked = 0
        else:
            return
        time.sleep(max(pause, asked))
        pause *= 2
    raise NetworkError(
        f"{address} cannot be fetched completely", "another mirror may have it: --mirror"
    )


def _handled(error: urllib.error.HTTPError, address: str, path: Path, left: int) -> int:
    """Return how many seconds the server asks to wait, if another try may help.

    :raises NetworkError: it does not
    """
    with error:
        if error.code == _NOT_SATISFIABLE:
            path.unlink(missing_ok=True)
        elif error.code not in _BUSY or not left:
            proxy = error.code == http.HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
            hint = (
                "put the user name into HTTP_PROXY: http://USER:PASSWORD@HOST:PORT"
                if proxy
                else "another mirror may have it: --mirror"
            )
            raise NetworkError(
                f"{address} cannot be fetched: {error.code} {error.reason}", hint
            ) from error
        asked = error.headers.get("Retry-After", "")
    return min(int(asked), _LONGEST) if asked.isascii() and asked.isdigit() else 0


def _go_on(address: str, path: Path, tick: Callable[[], None], size: int | None) -> None:
    """Download what is still missing of a file.

    :raises NetworkError: an HTML page or nothing came instead
    :raises IntegrityError: it is too large
    :raises OutputError: it cannot be written
    """
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
    """Whether an answer begins where the existing file ends."""
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
    """Write what comes to a file, and return how much it was."""
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
    """Return what has come in place of a file: ``a page of HTML``, ``nothing``, or None.

    Networks that want a login send a page, and so do mirrors that are down.
    """
    if not begin:
        return "nothing"
    return "a page of HTML" if begin[:BEGIN].lstrip()[:_TAG].lower().startswith(_PAGES) else None


def unavailable(address: str, what: str) -> NetworkError:
    """Return the error for something that has come in place of a file."""
    return NetworkError(
        f"{address} is not available: {what} came instead",
        "check whether the network wants a login, and whether the mirror is right",
    )


def _too_large(address: str, most: int) -> IntegrityError:
    return IntegrityError(
        f"{address} is larger than the limit of {most} bytes",
        "try another mirror: --mirror",
    )
