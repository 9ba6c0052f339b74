"""The description of a binary, the same for all formats."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GoBuild:
    """What Go records in a program about its build (https://pkg.go.dev/debug/buildinfo).

    :param version: the version of Go, such as ``go1.26.0``
    :param path: the path of the main package
    :param module: the main module and its version
    :param settings: the settings that the build depended on, such as ``("GOAMD64", "v3")``
    """

    version: str
    path: str = ""
    module: str = ""
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """What a file, a slice of a fat file or a member of an archive states about itself.

    :param name: the path; for a slice or a member, the path followed by ``(name)``
    :param format: ``elf``, ``macho``, ``pe``, ``wasm``, or ``bitcode`` in an archive
    :param kind: ``executable``, ``shared library``, ``object``, ``core`` or another word for the
        purpose of the file
    :param machine: the number of the machine, in the numbering of the format; 0 for wasm
    :param bits: 32 or 64
    :param byte_order: ``little`` or ``big``
    :param osabi: ELF's EI_OSABI, or 0
    :param notes: the names of the notes in an ELF file, such as ``FreeBSD``
    :param linkage: ``static``, ``static-pie``, ``dynamic``, or "" if that has no meaning
    :param interpreter: the path of the dynamic loader that the file asks for
    :param needed: the names of the libraries that it needs
    :param level: the lowest variant that it says it needs, as a number (ARM 5 to 8, x86-64 1 to
        4), or None
    :param float_abi: ``hard`` or ``soft`` if it is stated, or None
    :param minimum_os: the oldest version of the system that it says it runs on, such as ``11.0``
    :param isa: the instruction set that it states, such as ``v7-A``, ``x86-64-v3``, ``mips32r2`` or
        RISC-V's ISA string
    :param thumb: the Thumb instructions that ARM code uses, such as ``Thumb-2``
    :param vfp: the floating-point unit that ARM code uses, such as ``VFPv3-D16``
    :param simd: the vector unit that ARM code uses, such as ``NEON``
    :param abi: the calling convention, such as ``eabi5``, ``lp64d``, ``o32`` or ``elfv2``
    :param libc: ``gnu``, ``musl`` or ``bionic``, if the interpreter, libraries, versions of symbols
        or notes tell
    :param glibc: the newest version of glibc whose symbols it needs, such as ``2.34``
    :param glibcxx: the newest GLIBCXX version (libstdc++) that it needs, such as ``3.4.30``
    :param run_path: where its libraries are searched for first (RPATH, RUNPATH, LC_RPATH)
    :param subsystem: how Windows starts it: ``console``, ``graphical`` and others
    :param compilers: the compilers that left their names
    :param go: Go's build information
    :param crates: the crates that ``cargo auditable`` recorded, as ``name version``
    :param stripped: whether it has no table of its own symbols
    :param debug_info: whether it contains DWARF or names a PDB file
    :param build_id: the build id (ELF), UUID (Mach-O) or GUID (PE), in hexadecimal
    :param signed: whether a signature is present, valid or not; None if the format has none
    :param triple: the target of LLVM bitcode, which has no machine
    :param fat: the fat file of which this is a slice, or an object in a slice, or "". One whole
        slice must suit a platform
    :param slice: the number of the slice
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
    isa: str | None = None
    thumb: str | None = None
    vfp: str | None = None
    simd: str | None = None
    abi: str | None = None
    libc: str | None = None
    glibc: str | None = None
    glibcxx: str | None = None
    run_path: tuple[str, ...] = ()
    subsystem: str | None = None
    compilers: tuple[str, ...] = ()
    go: GoBuild | None = None
    crates: tuple[str, ...] = ()
    stripped: bool | None = None
    debug_info: bool | None = None
    build_id: str | None = None
    signed: bool | None = None
    triple: str | None = None
    fat: str = ""
    slice: int = 0
