"""Libraries that a build file of the project chooses for the machine that the build runs on."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.project import find
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.tools import Meaning

_MOST: Final = 200
"""Files that are read at most."""


def library(family: Family, call: Call, row: Meaning) -> str:
    """Return what chooses a library by the machine in a file that the tool reads, or ""."""
    for place, text in _files(family, call, row):
        for number, line in enumerate(text.splitlines(), 1):
            if matches(line, row.choosing) and not matches(line, row.harmless):
                return f"{place}:{number} chooses by the machine that it runs on: {line.strip()}"
    return ""


def _files(family: Family, call: Call, row: Meaning) -> Iterator[tuple[str, str]]:
    """Yield the files that the tool reads in its folder and in the folders of modules."""
    done = (done for stage in family.stages for done in family.courses[stage.number])
    found = next((one for one in done if call in one.calls), None)
    if found is None or not row.reads:
        return
    here = call.state.directory or "/"
    count = 0
    paths = [here, *(posixpath.join(here, name) for name in row.reads)]
    places = (find(family.project, found.stage, found.step, path) for path in paths)
    for place in filter(None, places):
        names = family.project.folder(place)
        inside = [place] if names is None else [posixpath.join(place, name) for name in names]
        for path in inside:
            inner = [posixpath.join(path, name) for name in row.reads]
            for file in (path, *inner) if posixpath.basename(path) in row.reads else inner:
                text = family.project.text(posixpath.normpath(file))
                count += 1
                if text is not None and count < _MOST:
                    yield posixpath.normpath(file), text
