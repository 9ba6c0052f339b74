"""One description of what a binary is, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Description:
    """What a file, a slice of a fat file or a member of an archive says of itself.

    :param name: the path; for a slice or a member the path with ``(name)`` behind it
    :param format: ``elf``, ``macho``, ``pe`` or ``wasm``
    :param kind: ``executable``, ``shared library``, ``object``, ``core`` or another word for what the file is for
    :param machine: the number of the machine, in the numbering of the format; 0 for wasm
    :param bits: 32 or 64
    :param byte_order: ``little`` or ``big``
    :param osabi: ELF's EI_OSABI, else 0
    :param notes: the names of the notes in an ELF file, such as ``FreeBSD``
    :param linkage: ``static``, ``static-pie``, ``dynamic``, or "" where that says nothing
    :param interpreter: the path of the dynamic loader that the file asks for
    :param needed: the names of the libraries that it needs
    :param level: the lowest variant that it states to need, as a number (ARM 5 to 8, x86-64 1 to 4), or None
    :param float_abi: ``hard`` or ``soft`` where it is stated, else None
    :param minimum_os: the oldest version of the system that it states to run on, such as ``11.0``
    """

    name: str
    format: str
    kind: str
    machine: int
    bits: int
    byte_order: str
    osabi: int = 0
    notes: tuple[str, ...] = ()
    linkage: str = ""
    interpreter: str | None = None
    needed: tuple[str, ...] = field(default=())
    level: int | None = None
    float_abi: str | None = None
    minimum_os: str | None = None
