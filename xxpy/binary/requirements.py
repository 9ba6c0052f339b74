"""What a binary must be besides being for its platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.table.columns import Row

STATIC_FORMAT: Final = "elf"
"""The format of the systems that have static programs: others need the system's libraries."""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a binary must be besides being for its platform, where its format tells.

    :param static: needs neither an interpreter nor a library
    :param libc: ``gnu`` or ``musl``: the interpreter, if any, must be that libc's; everything else
        must be what it states
    :param glibc_max: the newest glibc whose symbols may be needed, such as ``2.28``
    :param macos_max: the newest macOS that may be required, such as ``11.0``
    :param float: ``hard`` or ``soft``, unless nothing is stated
    :param x86_64_level: the highest level that x86-64 code may ask for, 1 to 4, which includes the
        settings that Go records
    :param no_rpath: has no run path
    :param linked: also compare the libc with what a program needs and notes, even if it is static;
        ``xx-verify`` reads only its interpreter
    :param go_level: compare what Go records about the processor with what the platform has;
        ``xx-verify`` does not read that
    :param needed_allow: patterns of the libraries that may be needed, such as ``libc.so.*``; None
        allows all
    """

    static: bool = False
    libc: str | None = None
    glibc_max: str | None = None
    macos_max: str | None = None
    float: str | None = None
    x86_64_level: int | None = None
    no_rpath: bool = False
    needed_allow: tuple[str, ...] | None = None
    linked: bool = False
    go_level: bool = True


def unchecked(wanted: Iterable[tuple[Row, Requirements]]) -> Iterator[str]:
    """Yield a line for each requirement that says nothing about some platforms.

    :param wanted: the platforms, each with its requirements
    """
    listed = list(wanted)
    static = [row for row, one in listed if one.static and row.file.format != STATIC_FORMAT]
    libc = [row for row, one in listed if one.libc is not None and not row.triple.libc]
    for name, rows, why in (
        ("static", static, "programs need the system's libraries there"),
        ("libc", libc, "the system has its own C library"),
    ):
        if rows:
            platforms = ", ".join(dict.fromkeys(str(row.platform) for row in rows))
            yield f"{name} does not apply to {platforms} and is not checked: {why}"
