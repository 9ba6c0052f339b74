"""Read signed releases and compressed package lists, and check hashes, dates and suites."""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from debian_inspector.debcon import get_paragraph_data

from xxpy import bounds, tarballs
from xxpy.errors import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_COLUMNS: Final = 3
"""The fields in a line of a release: the hash, the size and the path of a list."""


def text_of(path: Path, most: int, place: str) -> str:
    """Return the content of a compressed package list.

    :param most: the maximum number of bytes after decompression
    :raises IntegrityError: it is damaged, or larger
    """
    try:
        with bounds.opened(path) as file:
            return bounds.decoded(bounds.read(tarballs.plain(file), most))
    except tarballs.BROKEN as error:
        raise IntegrityError(
            f"{place} cannot be read: {error}", "try another mirror: --mirror"
        ) from error


def read_release(text: str, place: str) -> tuple[dict[str, str], dict[str, int]]:
    """Return the hashes and the sizes in a release, by path.

    :param place: its address: that of the archive, ``/dists/``, and the suite
    :raises IntegrityError: it is for another suite, has expired, or is malformed
    """
    data = get_paragraph_data(text)
    suite = place.partition("/dists/")[2]
    if suite not in {data.get("suite"), data.get("codename")}:
        found = bounds.shown(data.get("codename") or data.get("suite"))
        raise IntegrityError(
            f"{place} is signed as the release {found}, not {suite}", "try another mirror: --mirror"
        )
    until = data.get("valid-until")
    if until is not None and _seconds(until, place) < time.time():
        raise IntegrityError(
            f"{place} has expired: it was valid until {until}",
            "the mirror is out of date; try another one: --mirror",
        )
    fields = [line.split() for line in data.get("sha256", "").splitlines()]
    listed = [
        line
        for line in fields
        if len(line) == _COLUMNS and _SHA256.fullmatch(line[0]) and line[1].isdecimal()
    ]
    if not listed:
        raise IntegrityError(
            f"{place} has no SHA256 hashes of its package lists",
            "xxpy accepts no other hash; try another mirror: --mirror",
        )
    return {name: sha256 for sha256, _, name in listed}, {
        name: int(size) for _, size, name in listed
    }


def date(data: Mapping[str, str], place: str) -> float:
    """Return when a release was made, in seconds since 1970.

    :raises IntegrityError: it does not say when
    """
    return _seconds(data.get("date", ""), place)


def _seconds(text: str, place: str) -> float:
    """Return a date of RFC 2822 in seconds since 1970.

    :raises IntegrityError: it cannot be read
    """
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise IntegrityError(
            f"{place} has a date that cannot be read: {bounds.shown(text)}",
            "try another mirror: --mirror",
        ) from error
