"""Names of images, as Docker and containerd read them.

See https://github.com/distribution/reference.
"""

from __future__ import annotations

import re
from typing import Final

from xxpy.errors import UsageError

_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL: Final = r"[A-Za-z0-9-]+"
_HOST: Final = rf"localhost|{_LABEL}(?:\.{_LABEL})+|{_LABEL}(?=:\d)"
_REFERENCE: Final = re.compile(
    rf"(?P<domain>(?:{_HOST})(?::\d+)?/)?"
    rf"(?P<path>{_PART}(?:/{_PART})*)(?::(?P<tag>\w[\w.-]{{0,127}}))?"
)
_DOMAIN: Final = "docker.io/"
_OFFICIAL: Final = "library/"
_TAG: Final = "latest"


def full_name(name: str) -> tuple[str, str]:
    """Return the whole name of an image and its tag.

    >>> full_name("go-server")
    ('docker.io/library/go-server:latest', 'latest')
    >>> full_name("ghcr.io/me/app:1.0")
    ('ghcr.io/me/app:1.0', '1.0')

    :raises UsageError: the name is malformed
    """
    found = _REFERENCE.fullmatch(name)
    if found is None:
        raise UsageError(
            f"malformed image name {name!r}",
            "write [registry/]name[:tag] in lower case, such as app:1.0",
        )
    domain, path, tag = found["domain"] or _DOMAIN, found["path"], found["tag"] or _TAG
    official = _OFFICIAL if domain == _DOMAIN and "/" not in path else ""
    return f"{domain}{official}{path}:{tag}", tag
