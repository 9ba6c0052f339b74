"""What the cgo directives of a Go project need of the target in any case.

::

    // #cgo pkg-config: libusb-1.0
    // #cgo linux LDFLAGS: -lusb-1.0

See https://pkg.go.dev/cmd/cgo. Directives for other systems than those that packages are for do not
count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.language.go.project import SUFFIX
from xxpy.language.texts import below, text_of
from xxpy.machine import resources
from xxpy.sysroot.needs import Kind, need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xxpy.sysroot.needs import Need

_DIRECTIVE: Final = re.compile(
    r"^\s*(?://|\*)?\s*#cgo\s+(?P<where>[^:\n]*?)(?P<key>pkg-config|LDFLAGS):\s*(?P<value>.*)$",
    re.MULTILINE,
)
_CONSTRAINT: Final = re.compile(r"^//go:build\b|^// \+build\b", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z][\w.+-]*")


def needs(folder: Path, /) -> Iterator[Need]:
    """Yield what the directives without conditions name, in files without conditions."""
    table = resources.table()
    systems = {row.platform.os for row in table.rows.values() if row.packaged}
    for path in below(folder, SUFFIX):
        if path.name.endswith("_test.go"):
            continue
        text = text_of(path)
        if "#cgo" not in text or _CONSTRAINT.search(text):
            continue
        for found in _DIRECTIVE.finditer(text):
            if found["where"].strip() in {"", *systems}:
                line = text.count("\n", 0, found.start()) + 1
                yield from _directive(found, f"{path.relative_to(folder)}:{line}: #cgo")


def _directive(found: re.Match[str], where: str) -> Iterator[Need]:
    """Yield what one directive names: modules, or libraries."""
    modules = found["key"] == "pkg-config"
    for word in found["value"].split():
        name = word if modules else word.removeprefix("-l")
        if _NAME.fullmatch(name) and (modules or word.startswith("-l")):
            kind = Kind.MODULE if modules else Kind.LIBRARY
            yield need(kind, name, where=f"{where} {found['key']}: {word}")
