"""Which versions of symbols a library has, such as glibc's (https://man7.org/linux/man-pages/man5/elf.5.html: ``.gnu.version_d``)."""

from __future__ import annotations

import re

from xxpy import versions


def newest(data: bytes, family: str) -> str | None:
    """Return the newest version of a family (``GLIBC``) whose name is in the bytes of a library, or None; private ones have no number.

    >>> newest(b"GLIBC_2.4" + bytes(1) + b"GLIBC_2.36" + bytes(1) + b"GLIBC_PRIVATE" + bytes(1), "GLIBC")
    '2.36'
    """
    texts = {
        found.decode()
        for found in re.findall(
            rb"\b%s_([0-9]{1,5}(?:\.[0-9]{1,5}){1,3})\0" % family.encode(), data
        )
    }
    return versions.newest(texts)
