"""Find the versions of symbols that a library has, such as glibc's.

See ``.gnu.version_d`` in https://man7.org/linux/man-pages/man5/elf.5.html.
"""

from __future__ import annotations

import re

from xxpy import versions


def newest(data: bytes, family: str) -> str | None:
    """Return the newest version of a family (``GLIBC``) in the bytes of a library, or None.

    Private versions have no number, and do not count.

    >>> versions = (b"GLIBC_2.4", b"GLIBC_2.36", b"GLIBC_PRIVATE", b"")
    >>> newest(bytes(1).join(versions), "GLIBC")
    '2.36'
    """
    texts = {
        found.decode()
        for found in re.findall(
            rb"\b%s_([0-9]{1,5}(?:\.[0-9]{1,5}){1,3})\0" % family.encode(), data
        )
    }
    return versions.newest(texts)
