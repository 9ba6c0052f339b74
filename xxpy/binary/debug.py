"""Files that only a debugger reads.

A PDB (https://llvm.org/docs/PDB/MsfFile.html) has no platform. ``dsymutil`` and ``objcopy
--only-keep-debug`` write Mach-O and ELF files with the headers of the program and no code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

KIND: Final = "debug file"
"""The kind of a file with nothing but debugging information."""

_DATABASES: Final = (b"Microsoft C/C++ MSF 7.00\r\n\x1aDS", b"BSJB")
"""How PDB files begin, and portable ones of .NET."""


def is_database(path: Path) -> bool:
    """Whether a regular file is a PDB."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_DATABASES[0])).startswith(_DATABASES)
