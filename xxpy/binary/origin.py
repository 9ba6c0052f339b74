"""Read who made a binary: Go's build information, cargo's crates, and the names of compilers.

Go: https://pkg.go.dev/debug/buildinfo. Crates:
https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md.
"""

from __future__ import annotations

import json
import zlib
from typing import Final

from xxpy.binary.description import GoBuild

MOST: Final = 1 << 18
"""The maximum size of a section with build information."""

_MOST_UNPACKED: Final = 1 << 22
_GO_MAGIC: Final = b"\xff Go buildinf:"
_GO_HEADER: Final = 32
_GO_INLINE: Final = 2
_GO_MARK: Final = 16
"""Bytes before and after the text about modules, by which a running program finds it."""

_GO_ALIGNMENT: Final = 16


def go(data: bytes) -> GoBuild | None:
    """Return the build information of Go 1.18 or later at the beginning of a section, or None."""
    place = data.find(_GO_MAGIC)
    while place >= 0 and place % _GO_ALIGNMENT:
        place = data.find(_GO_MAGIC, place + 1)
    if place < 0 or place + _GO_HEADER > len(data) or not data[place + 15] & _GO_INLINE:
        return None
    version, place = _text(data, place + _GO_HEADER)
    modules, _ = _text(data, place)
    if not version.startswith(b"go") and not version.startswith(b"devel"):
        return None
    path = module = ""
    settings: list[tuple[str, str]] = []
    for line in modules[_GO_MARK:-_GO_MARK].decode("utf-8", "replace").splitlines():
        kind, _, rest = line.partition("\t")
        if kind == "path":
            path = rest
        elif kind == "mod":
            module = " ".join(rest.split("\t")[:2])
        elif kind == "build":
            name, _, value = rest.partition("=")
            settings.append((name, value))
    return GoBuild(version.decode("utf-8", "replace"), path, module, tuple(settings))


def _text(data: bytes, place: int) -> tuple[bytes, int]:
    """Return a text that follows its length, a varint, and the place after the text."""
    length = shift = 0
    while place < len(data):
        byte = data[place]
        place += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return data[place : place + length], place + length


def crates(data: bytes) -> tuple[str, ...]:
    """Return the crates in cargo auditable's section as ``name version``; none if it is damaged."""
    try:
        packages = json.loads(zlib.decompressobj().decompress(data, _MOST_UNPACKED))["packages"]
        return tuple(f"{package['name']} {package['version']}" for package in packages)
    except (zlib.error, ValueError, KeyError, TypeError, RecursionError):
        return ()


def compilers(data: bytes) -> tuple[str, ...]:
    """Return the texts in a ``.comment`` section, such as ``GCC: (Debian 12.2.0) 12.2.0``."""
    return tuple(
        dict.fromkeys(word.decode("utf-8", "replace") for word in data.split(b"\0") if word)
    )
