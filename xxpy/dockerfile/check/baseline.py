r"""A baseline: the findings that a project has already, so that only new ones count.

A JSON document; an entry is found again by its file, its code, its stage and the text of its
instruction, so lines may move::

    {
      "version": 1,
      "findings": [
        {
          "file": "Dockerfile",
          "code": "XX101",
          "stage": "build",
          "text": "RUN go build -o /app ."
        }
      ]
    }
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from xxpy.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.dockerfile.check.finding import Finding
    from xxpy.dockerfile.syntax import Document

VERSION: Final = 1
_KEYS: Final = ("file", "code", "stage", "text")
_LONGEST: Final = 400
"""Characters of an instruction that are kept."""

Entry = tuple[str, str, str, str]


def entry(file: str, finding: Finding, document: Document | None) -> Entry:
    """Return what a finding is known by.

    :param file: its path from the folder of the baseline, with slashes
    """
    part = document.parts[finding.place] if document and finding.place >= 0 else ""
    source = part if isinstance(part, str) else part.source
    return file, finding.code, finding.stage, " ".join(source.split())[:_LONGEST]


def text(entries: Iterable[Entry]) -> str:
    """Return the document that holds these entries."""
    findings = [dict(zip(_KEYS, known, strict=True)) for known in sorted(entries)]
    return (
        json.dumps({"version": VERSION, "findings": findings}, indent=2, ensure_ascii=False) + "\n"
    )


def read(document: Any, name: str) -> Counter[Entry]:  # noqa: ANN401 - any JSON
    """Return the entries of a document, each with how often it is there.

    :param name: how messages call the file
    :raises ConfigurationError: it is no baseline
    """
    hint = "xxpy dockerfile check --baseline FILE --write-baseline writes one"
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ConfigurationError(f"{name} is no baseline of version {VERSION}", hint)
    findings = document.get("findings")
    if not isinstance(findings, list) or not all(map(_is_entry, findings)):
        raise ConfigurationError(
            f"{name}: findings is not a list of entries with {', '.join(_KEYS)}", hint
        )
    return Counter((each["file"], each["code"], each["stage"], each["text"]) for each in findings)


def _is_entry(found: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(found, dict) and all(isinstance(found.get(key), str) for key in _KEYS)


def fresh(
    found: Iterable[tuple[Entry, Finding]], known: Mapping[Entry, int]
) -> tuple[list[Finding], Counter[Entry]]:
    """Return the findings that a baseline does not have, and what is left of the baseline."""
    left = Counter(known)
    new = []
    for known_by, finding in found:
        if left[known_by] > 0:
            left[known_by] -= 1
        else:
            new.append(finding)
    return new, +left
