"""Parts of Dockerfiles, rendered from ``templates/dockerfile`` and the table, with the marker lines of those that carry names of the table.

A generated part that holds facts of the table stands between two comments::

    # xxpy: begin inline linux/amd64 linux/arm64
    RUN case $TARGETPLATFORM in …
    # xxpy: end

The first names the part and what it was made from, so that it can be made again: :func:`stale` says where that gives another text,
:func:`renew` puts that text in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.stages import TARGET_FILE
from xxpy.errors import UsageError
from xxpy.platform import parse
from xxpy.render.engine import environment
from xxpy.target import go_environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xxpy.platform import Platform
    from xxpy.table import Table

BEGIN: Final = "xxpy: begin"
END: Final = "xxpy: end"

_PART: Final = re.compile(rf"^# {BEGIN} (?P<name>[a-z-]+)(?P<words>[^\n]*)\n.*?^# {END}\n?", re.MULTILINE | re.DOTALL)


def inline(table: Table, templates: Mapping[str, str], platforms: Iterable[Platform]) -> str:
    """Return the step that writes Go's names of the target to a file, for the platforms that are named.

    :raises UsageError: Go has no port for one of them
    """
    branches = []
    for platform in platforms:
        names = go_environment(table.row(platform))
        if not names:
            raise UsageError(f"Go has no port for {platform}", "leave it out")
        exports = " ".join(("export", *(f"{name}={value}" for name, value in names.items())))
        branches.append({"platform": platform.key, "exports": exports})
    marker = " ".join((BEGIN, "inline", *(branch["platform"] for branch in branches)))
    facts = {"marker": marker, "end": END, "branches": branches, "file": TARGET_FILE}
    return environment(templates).get_template("dockerfile/inline.j2").render(facts)


def meson_cross(templates: Mapping[str, str]) -> str:
    """Return the step that writes the cross file for Meson."""
    return environment(templates).get_template("dockerfile/meson-cross.j2").render()


def stale(text: str, table: Table, templates: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return the line and the name of each generated part that the table and the templates give another text for today."""
    return [
        (text.count("\n", 0, part.start()) + 1, part["name"])
        for part in _PART.finditer(text)
        if part[0].rstrip("\n") != _again(part, table, templates).rstrip("\n")
    ]


def renew(text: str, table: Table, templates: Mapping[str, str]) -> str:
    """Return the text with every generated part made again."""
    return _PART.sub(lambda part: _again(part, table, templates).rstrip("\n") + ("\n" if part[0].endswith("\n") else ""), text)


def _again(part: re.Match[str], table: Table, templates: Mapping[str, str]) -> str:
    if part["name"] != "inline":
        raise UsageError(f"there is no generated part {part['name']}", "the parts are: inline")
    return inline(table, templates, (parse(word, table.words) for word in part["words"].split()))
