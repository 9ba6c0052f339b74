"""The name of a kit: a digest of its rendered files.

Rendering needs jinja2, which takes longer to import than a small program to compile. So the digest
is remembered for the facts that the templates get, their texts and the code that renders them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from xxpy import shell, templates
from xxpy.kit.model import RECORD
from xxpy.machine import remembered, resources
from xxpy.templates import File, render

_DIGEST: Final = 64
"""The length of a digest."""

Rendered = dict[str, tuple[str, bool]]
"""The text of each file of a kit by its path, and whether it is executable."""


def rendered(listed: tuple[File, ...], texts: Mapping[str, str]) -> Rendered:
    """Return the text of each file of a kit."""
    made = render(listed, texts)
    return {file.path: (made[file.path], file.executable) for file in listed}


def recorded(record: Mapping[str, object]) -> Rendered:
    """Return the file with the record of a kit's parts."""
    return {RECORD: (json.dumps(record, indent=2) + "\n", False)}


def digest(listed: tuple[File, ...], texts: Mapping[str, str], record: Mapping[str, object]) -> str:
    """Return the digest of the files of a kit.

    :param record: what the record of its parts has
    """
    facts = json.dumps(
        [
            [(file.path, file.template, file.facts, file.executable, file.text) for file in listed],
            list(record.items()),
            _digest_of(tuple(sorted(texts.items()))),
        ],
        sort_keys=True,
        default=_plain,
    )
    entry = remembered.place(resources.cache_path(remembered.TRIALS), "kit", _code(), facts)
    known = (remembered.recall(entry) or b"").decode("ascii", "replace")
    if len(known) == _DIGEST:
        return known
    content = json.dumps({**rendered(listed, texts), **recorded(record)}, sort_keys=True)
    found = hashlib.sha256(content.encode()).hexdigest()
    remembered.keep(entry, found.encode())
    return found


@cache
def _digest_of(texts: tuple[tuple[str, str], ...]) -> str:
    """Return the digest of the templates, which are the same for all kits of a process."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _plain(value: object) -> object:
    """Return the facts of templates as JSON can write them.

    :raises TypeError: it cannot, so that two values might look alike
    """
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"{value!r} cannot be a fact of a template")


@cache
def _code() -> list[remembered.Stamp]:
    """Return the stamps of the code that renders templates."""
    engine = find_spec("jinja2")
    paths = [templates.__file__, shell.__file__, engine.origin if engine else None]
    return remembered.stamps([path for path in paths if path is not None])
