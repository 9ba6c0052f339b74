"""WebAssembly modules (https://webassembly.github.io/spec/core/binary/modules.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.binary.description import Description
from xxpy.errors import VerificationError

if TYPE_CHECKING:
    from xxpy.binary.reader import Reader

_MODULE: Final = b"\x01\0\0\0"


def matches(magic: bytes) -> bool:
    """Whether a file that begins so is WebAssembly."""
    return magic.startswith(b"\0asm")


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe a module.

    :raises VerificationError: truncated, or another version of the format
    """
    try:
        version = reader.bytes(4, 4)
    except VerificationError as error:
        raise VerificationError(f"{name}: truncated") from error
    if version != _MODULE:
        raise VerificationError(f"{name}: not a WebAssembly module of version 1")
    return (Description(name, "wasm", "executable", 0, 32, "little"),)
