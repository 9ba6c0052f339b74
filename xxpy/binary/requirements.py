"""What a binary must be besides being for its platform."""

from __future__ import annotations

from dataclasses import dataclass


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
