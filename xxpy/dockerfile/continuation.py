"""Lines that continue an instruction, and the character that says so."""

from __future__ import annotations

import re
from typing import Final

_ESCAPE: Final = re.compile(
    r"#[ \t]*escape[ \t]*=[ \t]*(?P<character>[\\`])[ \t]*\r?", re.IGNORECASE
)
_DIRECTIVE: Final = re.compile(r"#[ \t]*[A-Za-z][A-Za-z0-9]*[ \t]*=.*")


def flat(source: str, escape: str) -> str:
    r"""Return the text of an instruction with the same length, its first logical line on one line.

    >>> flat("RUN a \\\n # why\n b\n", "\\")
    'RUN a           b\n'
    """
    done: list[str] = []
    lines = re.findall(r"[^\n]*\n|[^\n]+", source)
    ending = re.compile(re.escape(escape) + r"[ \t]*\r?\n?$")
    for number, line in enumerate(lines):
        stripped = line.strip()
        if number and (not stripped or stripped.startswith("#")):
            done.append(" " * len(line))
            continue
        continued = ending.search(line)
        if continued is None:
            done += [line, *lines[number + 1 :]]
            break
        done.append(line[: continued.start()] + " " * (len(line) - continued.start()))
    return "".join(done)


def escape_of(lines: list[str]) -> str:
    """Return the character that continues lines: directives precede everything else."""
    for line in lines:
        found = _ESCAPE.fullmatch(line.rstrip("\n"))
        if found:
            return found["character"]
        if not _DIRECTIVE.match(line):
            break
    return "\\"
