"""Read which processor an ELF file needs: flags, build attributes and GNU properties.

ARM: https://github.com/ARM-software/abi-aa/blob/main/addenda32/addenda32.rst. RISC-V:
https://github.com/riscv-non-isa/riscv-elf-psabi-doc. x86: https://gitlab.com/x86-psABIs/x86-64-ABI.
MIPS: https://refspecs.linuxfoundation.org/elf/mipsabi.pdf and binutils' ``.MIPS.abiflags``.
LoongArch: https://github.com/loongson/la-abi-specs. POWER:
https://openpowerfoundation.org/specifications/64bitelfabi.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.binary.attributes import attributes, is_arm_text, is_odd, number, section
from xxpy.binary.elf_file import NT_GNU_PROPERTY, RELOCATABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xxpy.binary.elf_file import ElfFile, Note

I386, MIPS, PPC64, ARM, X86_64, RISCV, LOONGARCH = 3, 8, 21, 40, 62, 243, 258
"""The values of e_machine for files that state more about their processor."""

_SHT_MIPS_ABIFLAGS: Final = 0x7000002A
_PT_MIPS_ABIFLAGS: Final = 0x70000003


@dataclass(frozen=True, slots=True)
class Machine:
    """What a file states about its processor, in the fields of ``description.Description``."""

    level: int | None = None
    float_abi: str | None = None
    isa: str | None = None
    abi: str | None = None
    thumb: str | None = None
    vfp: str | None = None
    simd: str | None = None


def read(elf: ElfFile, notes: list[Note]) -> Machine:
    """Return what a file states about its processor."""
    reader = _READERS.get(elf.machine)
    return Machine() if reader is None else reader(elf, notes)


_X86_ISA_NEEDED: Final = 0xC0008002


def _x86(elf: ElfFile, notes: list[Note]) -> Machine:
    """Read the x86-64 level in the last GNU property, which has one bit per level."""
    level = None
    step = 8 if elf.wide else 4
    for note in notes:
        place, content = 0, note.content
        while (note.owner, note.type) == ("GNU", NT_GNU_PROPERTY) and place + 8 <= len(content):
            key, size = struct.unpack_from(f"{elf.order}II", content, place)
            if key == _X86_ISA_NEEDED and size == 4 and place + 12 <= len(content):  # noqa: PLR2004 - a word
                level = struct.unpack_from(f"{elf.order}I", content, place + 8)[0].bit_length()
                break
            place += 8 + (size + step - 1 & -step)
    isa = f"x86-64-v{level}" if level else None
    return Machine(level=level, isa=isa)


_TAG_CPU_ARCH, _TAG_PROFILE, _TAG_THUMB, _TAG_FP, _TAG_SIMD, _TAG_FP_MODEL, _TAG_VFP_ARGS = (
    6,
    7,
    9,
    10,
    12,
    23,
    28,
)
_VFP_ARGS: Final = {0: "soft", 1: "hard"}
_EF_ARM_SOFT, _EF_ARM_HARD = 0x200, 0x400
_EF_ARM_EABI: Final = 0xFF000000
_EF_ARM_EABI5: Final = 0x05000000

ARM_LEVELS: Final = {
    3: 5,
    4: 5,
    5: 5,
    6: 6,
    7: 6,
    8: 6,
    9: 6,
    10: 7,
    11: 6,
    12: 6,
    13: 7,
    **dict.fromkeys(range(14, 22), 8),
    22: 9,
}
"""Maps Tag_CPU_arch to the architecture's number; what is older than v5 runs everywhere."""

_ARM_NAMES: Final = (
    *(
        "pre-v4",
        "v4",
        "v4T",
        "v5T",
        "v5TE",
        "v5TEJ",
        "v6",
        "v6KZ",
        "v6T2",
        "v6K",
        "v7",
        "v6-M",
        "v6S-M",
        "v7E-M",
        "v8-A",
        "v8-R",
    ),
    *("v8-M.baseline", "v8-M.mainline", "v8.1-A", "v8.2-A", "v8.3-A", "v8.1-M.mainline", "v9-A"),
)
_ARM_PROFILES: Final = {0x41: "-A", 0x52: "-R", 0x4D: "-M", 0x53: "-A or -R"}
_THUMB: Final = {1: "Thumb-1", 2: "Thumb-2", 3: "Thumb"}
_VFP: Final = {
    1: "VFPv1",
    2: "VFPv2",
    3: "VFPv3",
    4: "VFPv3-D16",
    5: "VFPv4",
    6: "VFPv4-D16",
    7: "FPv5",
    8: "FPv5-D16",
}
_SIMD: Final = {1: "NEON", 2: "NEON with FMA", 3: "NEON of v8", 4: "NEON of v8.1"}


def _arm(elf: ElfFile, _notes: list[Note]) -> Machine:
    """Read the architecture and the float ABI from flags or build attributes."""
    version = (elf.flags & _EF_ARM_EABI) >> 24
    found = attributes(section(elf), is_arm_text)
    arch = found.get(_TAG_CPU_ARCH, -1)
    float_abi = _arm_object_float(found) if elf.type == RELOCATABLE else _arm_float(elf, found)
    name = _ARM_NAMES[arch] if isinstance(arch, int) and 0 <= arch < len(_ARM_NAMES) else None
    profile = (
        "" if name is None or "-" in name else _ARM_PROFILES.get(number(found, _TAG_PROFILE), "")
    )
    return Machine(
        level=ARM_LEVELS.get(number(found, _TAG_CPU_ARCH)),
        float_abi=float_abi,
        isa=None if name is None else name + profile,
        abi=f"eabi{version}" if version else None,
        thumb=_THUMB.get(number(found, _TAG_THUMB)),
        vfp=_VFP.get(number(found, _TAG_FP)),
        simd=_SIMD.get(number(found, _TAG_SIMD)),
    )


def _arm_float(elf: ElfFile, found: Mapping[int, int | str]) -> str | None:
    """Return the float ABI of a program or library, from flags or, by older linkers, attributes."""
    if elf.flags & _EF_ARM_EABI == _EF_ARM_EABI5 and elf.flags & (_EF_ARM_HARD | _EF_ARM_SOFT):
        return "hard" if elf.flags & _EF_ARM_HARD else "soft"
    return "hard" if found.get(_TAG_VFP_ARGS) == 1 else None


def _arm_object_float(found: Mapping[int, int | str]) -> str | None:
    """Return the float ABI of an object, as linkers compare it.

    An object without floating point, such as one of assembly, has none, whatever the assembler's
    default flags are.
    """
    return (
        _VFP_ARGS.get(number(found, _TAG_VFP_ARGS) if _TAG_VFP_ARGS in found else 0)
        if number(found, _TAG_FP_MODEL) > 0
        else None
    )


_TAG_RISCV_ARCH: Final = 5
_RISCV_FLOAT: Final = {0: "", 2: "f", 4: "d", 6: "q"}


def _riscv(elf: ElfFile, _notes: list[Note]) -> Machine:
    """Read the float ABI and the ISA string."""
    registers = _RISCV_FLOAT[elf.flags & 6]
    found = attributes(section(elf), is_odd)
    return Machine(
        float_abi="hard" if registers else "soft",
        isa=str(found[_TAG_RISCV_ARCH]) if _TAG_RISCV_ARCH in found else None,
        abi=("lp64" if elf.wide else "ilp32") + registers + ("e" if elf.flags & 8 else ""),
    )


_MIPS_ISAS: Final = (
    *(
        "mips1",
        "mips2",
        "mips3",
        "mips4",
        "mips5",
        "mips32",
        "mips64",
        "mips32r2",
        "mips64r2",
        "mips32r6",
        "mips64r6",
    ),
    *("", "", "", "", ""),
)
_MIPS_SOFT: Final = 3
_MIPS_ABIFLAGS_LENGTH: Final = 24


def _mips(elf: ElfFile, _notes: list[Note]) -> Machine:
    """Read the ISA, the ABI and the float ABI."""
    part = elf.segment(_PT_MIPS_ABIFLAGS) or next(
        (part for part in elf.sections if part.type == _SHT_MIPS_ABIFLAGS), None
    )
    content = elf.content(part)
    float_abi = None
    if len(content) >= _MIPS_ABIFLAGS_LENGTH and content[7]:
        float_abi = "soft" if content[7] == _MIPS_SOFT else "hard"
    abi = "n64" if elf.wide else "n32" if elf.flags & 0x20 else "o32"
    return Machine(float_abi=float_abi, isa=_MIPS_ISAS[elf.flags >> 28] or None, abi=abi)


def _power(elf: ElfFile, _notes: list[Note]) -> Machine:
    return Machine(abi={1: "elfv1", 2: "elfv2"}.get(elf.flags & 3))


def _loong(elf: ElfFile, _notes: list[Note]) -> Machine:
    """Read the ABI, which includes the float registers."""
    registers = {1: "s", 2: "f", 3: "d"}.get(elf.flags & 7)
    if registers is None:
        return Machine()
    return Machine(
        float_abi="soft" if registers == "s" else "hard",
        abi=("lp64" if elf.wide else "ilp32") + registers,
    )


_READERS: Final[Mapping[int, Callable[[ElfFile, list[Note]], Machine]]] = {
    I386: _x86,
    X86_64: _x86,
    ARM: _arm,
    RISCV: _riscv,
    MIPS: _mips,
    PPC64: _power,
    LOONGARCH: _loong,
}
