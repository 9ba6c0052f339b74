"""ELF (https://www.sco.com/developers/gabi/latest/contents.html).

Everything is read here and not by a library, because every byte of a possibly hostile file must be
checked against the size of the file, and because ``xx-verify`` reads the same few fields in sh. The
tests compare the result with pyelftools and readelf.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.binary import debug, elf_file, elf_machine, origin
from xxpy.binary.description import Description
from xxpy.errors import VerificationError
from xxpy.table import libc as c_library
from xxpy.versions import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xxpy.binary.elf_file import ElfFile, Note
    from xxpy.binary.reader import Reader

MAGIC: Final = b"\x7fELF"

_DT_NEEDED, _DT_RPATH, _DT_RUNPATH, _DT_FLAGS_1 = 1, 15, 29, 0x6FFFFFFB
_DT_VERNEED, _DT_VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF
_DF_1_PIE = 0x08000000
_SHT_SYMTAB, _SHT_NOBITS = 2, 8
_NT_ABI_TAG, _NT_BUILD_ID = 1, 3
_DEBUG_SECTIONS: Final = {".debug_info", ".zdebug_info"}
_ANDROID: Final = "Android"
"""The owner of the note that Android's NDK writes into programs and libraries."""
_MOST_VERSIONS: Final = 1 << 12
"""The maximum number of versions of libraries that are read."""

_MODULE_SIGNATURE: Final = b"~Module signature appended~\n"
"""The end of a signed module of the Linux kernel; other ELF files have no signature."""


def matches(magic: bytes) -> bool:
    """Whether a file that begins with these bytes is ELF."""
    return magic.startswith(MAGIC)


def read(reader: Reader, name: str) -> tuple[Description, ...]:
    """Describe an ELF file.

    :raises VerificationError: it is truncated or corrupt
    """
    try:
        return (_describe(elf_file.open_(reader), name),)
    except VerificationError as error:
        raise VerificationError(f"{name}: {error.message}") from error


def _describe(elf: ElfFile, name: str) -> Description:
    """Describe an ELF file whose headers are complete."""
    kind = elf_file.KINDS.get(elf.type, "unknown")
    segment = elf.segment(elf_file.PT_INTERP)
    interpreter = (
        None if segment is None else elf.content(segment).split(b"\0")[0].decode("utf-8", "replace")
    )
    entries = elf.dynamic()
    needs = any(tag == _DT_NEEDED for tag, _ in entries)
    pie = any(value & _DF_1_PIE for tag, value in entries if tag == _DT_FLAGS_1)
    notes = list(elf.notes())
    machine = elf_machine.read(elf, notes)
    strings = elf.place(dict(entries).get(elf_file.DT_STRTAB, 0))
    needed = tuple(_texts(elf, entries, strings, {_DT_NEEDED}))
    versions = list(_versions(elf, entries, strings))
    found = Description(
        name,
        "elf",
        debug.KIND if _is_debug(elf) else _kind(kind, interpreter, pie=pie),
        elf.machine,
        64 if elf.wide else 32,
        "little" if elf.order == "<" else "big",
        elf.osabi,
        tuple(dict.fromkeys(note.owner for note in notes)),
        _linkage(kind, pie=pie, needs=needs or interpreter is not None),
        interpreter,
        needed,
        machine.level,
        machine.float_abi,
        minimum_os=_minimum(notes, elf.order),
        isa=machine.isa,
        thumb=machine.thumb,
        vfp=machine.vfp,
        simd=machine.simd,
        abi=machine.abi,
        libc=_libc(interpreter, needed, versions, notes),
        glibc=_newest(versions, "GLIBC"),
        glibcxx=_newest(versions, "GLIBCXX"),
        run_path=_run_path(_texts(elf, entries, strings, {_DT_RPATH, _DT_RUNPATH})),
    )
    return _with_sections(found, elf, notes)


def _run_path(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the folders in which the loader searches for libraries."""
    return tuple(path for text in texts for path in text.split(":") if path)


def _with_sections(found: Description, elf: ElfFile, notes: list[Note]) -> Description:
    """Return a description with what sections and the end of the file state about the build."""
    return replace(
        found,
        compilers=origin.compilers(elf.content(elf.section(".comment"))),
        go=origin.go(_information(elf, ".go.buildinfo")),
        crates=origin.crates(_information(elf, ".dep-v0")),
        stripped=not any(part.type == _SHT_SYMTAB for part in elf.sections),
        debug_info=any(part.name in _DEBUG_SECTIONS for part in elf.sections),
        build_id=_build_id(elf, notes),
        signed=_signed(elf),
    )


def _kind(kind: str, interpreter: str | None, *, pie: bool) -> str:
    """Return the kind of a file; position-independent programs look like shared libraries."""
    return "executable" if kind == "shared library" and (interpreter is not None or pie) else kind


def _linkage(kind: str, *, pie: bool, needs: bool) -> str:
    """Return how a program or library is linked; a shared library is always dynamic."""
    if kind == "executable":
        return "dynamic" if needs else "static"
    if kind != "shared library":
        return ""
    return "static-pie" if pie and not needs else "dynamic"


def _is_debug(elf: ElfFile) -> bool:
    """Whether a file has the debugging information of a program whose code is in another file."""
    code = elf.section(".text")
    return (
        code is not None
        and code.type == _SHT_NOBITS
        and any(part.name in _DEBUG_SECTIONS for part in elf.sections)
    )


def _texts(
    elf: ElfFile, entries: list[tuple[int, int]], strings: int | None, tags: set[int]
) -> Iterator[str]:
    """Yield the texts that entries of the dynamic segment point to."""
    if strings is not None:
        yield from (elf.text(strings + value) for tag, value in entries if tag in tags)


def _versions(elf: ElfFile, entries: list[tuple[int, int]], strings: int | None) -> Iterator[str]:
    """Yield the versions of symbols that are needed, such as ``GLIBC_2.34``.

    See https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic. The table is a chain of
    libraries, each with a chain of versions. Chains that leave the file or never end are abandoned.
    """
    values = dict(entries)
    library = elf.place(values.get(_DT_VERNEED, 0)) if _DT_VERNEED in values else None
    read = 0
    for _ in range(min(values.get(_DT_VERNEEDNUM, 0), _MOST_VERSIONS)):
        if library is None or strings is None or library + 16 > elf.reader.size:
            return
        _version, count, _file, first, following = elf.reader.unpack(f"{elf.order}HHIII", library)
        place = library + first
        for _ in range(count):
            read += 1
            if place + 16 > elf.reader.size or read > _MOST_VERSIONS:
                return
            _hash, _flags, _other, name, step = elf.reader.unpack(f"{elf.order}IHHII", place)
            yield elf.text(strings + name)
            place += step
        library += following


def _newest(versions: list[str], family: str) -> str | None:
    """Return the newest version of a family, such as ``2.34`` of GLIBC, without private ones."""
    prefix = f"{family}_"
    named = (text.removeprefix(prefix) for text in versions if text.startswith(prefix))
    return newest(named)


def _libc(
    interpreter: str | None, needed: tuple[str, ...], versions: list[str], notes: list[Note]
) -> str | None:
    """Return the libc that a file was linked with, if loader, libraries or notes tell.

    The names are the same on every architecture: ``ld-musl-ARCH.so.1`` and ``libc.musl-ARCH.so.1``
    are musl's, a library of version 6 and the note with the oldest kernel are glibc's, and the note
    Android and symbols of the version ``LIBC`` are bionic's. Plain ``libc.so`` is bionic's too, or
    musl's if the file asks for no other loader.
    """
    names = [*needed, (interpreter or "").rsplit("/", 1)[-1]]
    if any(text.startswith("GLIBC_") for text in versions):  # whatever the interpreter is
        return c_library.GNU
    if any(name.startswith(("ld-musl-", "libc.musl-")) for name in names):
        return c_library.MUSL
    if any(note.owner == _ANDROID for note in notes) or any(
        text.split("_")[0] == "LIBC" for text in versions
    ):
        return c_library.BIONIC
    if "libc.so" in names:
        return c_library.MUSL if interpreter is None else None
    tagged = any((note.owner, note.type) == ("GNU", _NT_ABI_TAG) for note in notes)
    return c_library.GNU if tagged or "libc.so.6" in names else None


def _minimum(notes: list[Note], order: str) -> str | None:
    """Return the oldest kernel (Linux with glibc) or system (FreeBSD, NetBSD) that a note states.

    https://refspecs.linuxfoundation.org/LSB_1.2.0/gLSB/noteabitag.html; 1302001 is FreeBSD 13.2,
    1000000000 is NetBSD 10.0.
    """
    for note in notes:
        if note.type != _NT_ABI_TAG:
            continue
        if note.owner == "GNU" and len(note.content) >= 16:  # noqa: PLR2004 - four words
            return ".".join(map(str, struct.unpack_from(f"{order}4I", note.content)[1:]))
        if note.owner in _DIVISORS and len(note.content) >= 4:  # noqa: PLR2004 - a word
            major, minor = _DIVISORS[note.owner]
            (number,) = struct.unpack_from(f"{order}I", note.content)
            return f"{number // major}.{number // minor % 100}"
    return None


_DIVISORS: Final = {"FreeBSD": (100_000, 1_000), "NetBSD": (100_000_000, 1_000_000)}
"""The divisors that give the first and the second number of the version in a note."""


def _build_id(elf: ElfFile, notes: list[Note]) -> str | None:
    """Return the build id, which Go writes only into a section."""
    section = elf.section(".note.gnu.build-id")
    all_notes = [*notes, *(() if section is None else elf.notes_of(section))]
    return next(
        (
            note.content.hex()
            for note in all_notes
            if (note.owner, note.type) == ("GNU", _NT_BUILD_ID)
        ),
        None,
    )


def _information(elf: ElfFile, name: str) -> bytes:
    part = elf.section(name)
    if part is None or part.offset > elf.reader.size:
        return b""
    return elf.reader.bytes(part.offset, min(part.size, origin.MOST, elf.reader.size - part.offset))


def _signed(elf: ElfFile) -> bool | None:
    """Return True for a signed module of the Linux kernel, or None."""
    length = len(_MODULE_SIGNATURE)
    return (
        True
        if elf.reader.size > length
        and elf.reader.bytes(elf.reader.size - length, length) == _MODULE_SIGNATURE
        else None
    )
