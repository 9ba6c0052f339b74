"""What a failed download of apt means: an archive that cannot be reached, or a forgery.

What apt prints about each file that it could not fetch (``apt-get update``, ``apt-helper
download-file``)::

    E: Failed to fetch http://deb.example/dists/bookworm/InRelease  403  Forbidden [IP: …]
    E: The repository 'http://deb.example bookworm InRelease' is not signed.
    E: Failed to fetch http://deb.example/pool/a.deb  Hash Sum mismatch

A network that wants a login, or a mirror that is down, answers with an HTML page, and apt says the
same about that page as about a forged file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.errors import IntegrityError, NetworkError
from xxpy.sysroot import download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FORGED: Final = re.compile(
    r"Hash Sum mismatch|unexpected size|not signed|NO_PUBKEY|(?:EXPKEY|REVKEY|BAD)SIG|KEYEXPIRED"
    r"|signatures? (?:couldn't|were inv)|NOSPLIT"
)
"""What apt says about an archive that is not what its publisher signed."""

_FAILED: Final = re.compile(r"E: Failed to fetch (?P<address>\S+)  (?P<reason>.*)")
_STATUS: Final = re.compile(r"[1-5]\d\d  ")
"""How the answer of a server begins that did not send the file."""

_UNSIGNED: Final = re.compile(
    r"E: The repository '(?P<mirror>\S+) (?P<suite>\S+) InRelease' is not signed"
)
_READ: Final = ("http://", "https://")

_BETWEEN: Final = (
    "the mirror may be in the middle of an update: try again later, or another one with"
    " --mirror, or leave out the release's updates, which some mirrors have late for some"
    " architectures: --no-updates, or sysroot.updates = false in xxpy.toml"
)


def failure(
    what: str, said: str, begin_of: Callable[[str], bytes | None]
) -> IntegrityError | NetworkError:
    """Return the error for what apt prints when it cannot fetch *what*.

    :param begin_of: returns the first bytes that an address sends, or None
    """
    lines = [line for line in said.splitlines() if line.strip()]
    if not any(_FORGED.search(line) for line in _own(lines)):
        return NetworkError(f"{what} cannot be fetched", "\n".join(lines))
    for address in _failed(lines):
        begin = begin_of(address) if address.startswith(_READ) else None
        instead = None if begin is None else download.instead(begin)
        if instead is not None:
            return download.unavailable(address, instead)
        break
    return IntegrityError(
        f"{what} are not what their publisher signed", "\n".join([*lines, _BETWEEN])
    )


def _own(lines: list[str]) -> Iterator[str]:
    """Yield the lines except those that follow from another, as missing releases are unsigned."""
    missing = {
        found["address"]
        for line in lines
        if (found := _FAILED.match(line)) and _STATUS.match(found["reason"])
    }
    for line in lines:
        unsigned = _UNSIGNED.match(line)
        if (
            unsigned is None
            or "{mirror}/dists/{suite}/InRelease".format(**unsigned.groupdict()) not in missing
        ):
            yield line


def _failed(lines: list[str]) -> Iterator[str]:
    """Yield the addresses of files that came and were wrong."""
    for line in lines:
        found = _FAILED.match(line)
        if found is not None and _FORGED.search(found["reason"]):
            yield found["address"]
