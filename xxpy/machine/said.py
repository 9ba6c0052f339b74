"""What the output of a failed tool says: one line for an error message.

::

    error: failed to parse manifest at `/app/Cargo.toml`

    Caused by:
      failed to parse the `edition` key

    Caused by:
      supported edition values are `2015`, `2018`, `2021`, or `2024`, but `2099` is unknown
"""

from __future__ import annotations

import re
from typing import Final

_PROGRESS: Final = re.compile(
    r"(?:go: downloading|warning:|note:|info:"
    r"|(?:Updating|Downloading|Downloaded|Locking|Blocking)\b)"
)
"""What tools print on the way to an error."""
_FAULT: Final = re.compile(
    r"\b(?:error|fatal|fail(?:s|ed)?|cannot|unable|unknown|denied|forbidden|not found|requires)\b",
    re.IGNORECASE,
)
_CAUSED: Final = re.compile(r"^Caused by:\n+[ \t]*(?P<cause>\S.*)$", re.MULTILINE)
"""How cargo tells the cause of what it has said before; the last one is the first cause."""
_NUMBERED: Final = re.compile(r"^Caused by:\n(?P<links>(?:[ \t]+\d+: .*\n?)+)", re.MULTILINE)
"""How rustup tells them: all at once, the first cause last, and then the functions that ran."""
_LEAD: Final = re.compile(r"^(?:error|fatal)(?:\[\w+\])?: ")
_SHOWN: Final = 2
"""How many links of a chain of causes are shown."""


def cause(text: str) -> str:
    r"""Return the line of a tool's output that says what is wrong, or "".

    Without such a line it is the first one. Of a chain of causes it is the last two, or the first
    and the last where they are numbered.

    >>> cause("go: downloading go1.99\ngo: download go1.99: 403 Forbidden\n\tserver response: no")
    'go: download go1.99: 403 Forbidden'
    >>> cause("error: no manifest\n\nCaused by:\n  no key\n\nCaused by:\n  2099 is unknown\n")
    'no key: 2099 is unknown'
    >>> cause("thread 'main' panicked at src/main.rs:7:9:\n   0: std::panicking\n   1: main\n")
    "thread 'main' panicked at src/main.rs:7:9"
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in lines if not _PROGRESS.match(line)] or lines
    first = next((line for line in lines if _LEAD.match(line)), "")
    first = (
        first or next((line for line in lines if _FAULT.search(line)), "") or next(iter(lines), "")
    )
    chain = [_LEAD.sub("", first), *_links(text)]
    return ": ".join(link.rstrip(":") for link in chain[-_SHOWN:])


def _links(text: str) -> list[str]:
    """Return the causes that follow an error."""
    numbered = _NUMBERED.search(text)
    if numbered is not None:
        return [numbered["links"].splitlines()[-1].partition(": ")[2]]
    return [found["cause"].strip() for found in _CAUSED.finditer(text)]
