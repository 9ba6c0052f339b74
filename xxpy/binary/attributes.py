"""Build attributes of ELF files: what assemblers and compilers state on ARM and RISC-V.

ARM: https://github.com/ARM-software/abi-aa/blob/main/addenda32/addenda32.rst. RISC-V:
https://github.com/riscv-non-isa/riscv-elf-psabi-doc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.binary.elf_file import ElfFile

_SHT_ATTRIBUTES: Final = 0x70000003
"""The section of build attributes, on ARM and RISC-V alike."""

MOST_ATTRIBUTES: Final = 1 << 12
"""The maximum size of build attributes; no honest ones are longer."""


def section(elf: ElfFile) -> bytes:
    """Return the section of build attributes; empty if there is none, or one that is too long."""
    part = next((part for part in elf.sections if part.type == _SHT_ATTRIBUTES), None)
    return b"" if part is None or part.size > MOST_ATTRIBUTES else elf.content(part)


def number(found: Mapping[int, int | str], tag: int) -> int:
    """Return the number of a tag, or -1 if it is absent."""
    value = found.get(tag, -1)
    return value if isinstance(value, int) else -1


_VENDOR_HEADER, _SCOPE_HEADER, _WHOLE_FILE = 6, 5, 1
_COMPATIBILITY, _LAST_PLAIN_TAG, _LONGEST_ULEB = 32, 32, 63


def is_arm_text(tag: int) -> bool:
    """Whether the attribute of a tag is a text, on ARM."""
    return tag in {4, 5, 65, 67} or (tag > _LAST_PLAIN_TAG and tag % 2 == 1)


def is_odd(tag: int) -> bool:
    """Whether the attribute of a tag is a text, on RISC-V: tags of texts are odd."""
    return tag % 2 == 1


def attributes(data: bytes, is_text: Callable[[int], bool]) -> dict[int, int | str]:
    """Return the build attributes of the whole file, by tag.

    The format is ``'A'``, then for each vendor: length (4 bytes), name, then scopes: tag (1 byte),
    length (4 bytes), attributes. Tags and numbers are ULEB128. *is_text* tells which tags have a
    string, and tag 32 of ARM has both.
    """
    found: dict[int, int | str] = {}
    if data[:1] != b"A" or len(data) < _VENDOR_HEADER:
        return found
    end = min(len(data), 1 + int.from_bytes(data[1:5], "little"))
    place = data.find(b"\0", 5, end) + 1
    if place == 0 or place + _SCOPE_HEADER > end or data[place] != _WHOLE_FILE:
        return found
    end = min(end, place + int.from_bytes(data[place + 1 : place + _SCOPE_HEADER], "little"))
    place += _SCOPE_HEADER
    while place < end:
        tag, place = _uleb(data, place, end)
        if tag == _COMPATIBILITY:
            _flag, place = _uleb(data, place, end)
        if tag == _COMPATIBILITY or is_text(tag):
            stop = data.find(b"\0", place, end)
            found[tag] = data[place : end if stop < 0 else stop].decode("ascii", "replace")
            place = end if stop < 0 else stop + 1
        else:
            found[tag], place = _uleb(data, place, end)
    return found


def _uleb(data: bytes, place: int, end: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number and the place after it."""
    value = shift = 0
    while place < end:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80 or shift > _LONGEST_ULEB:
            break
    return value, place
