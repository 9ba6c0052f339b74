"""Sources of libc++ and libc++abi that are compiled once more, for static copies side by side.

A program and its shared libraries each have a libc++ of their own, because it is linked statically.
Functions of both with the same name are one function for the dynamic linker, so an object that one
copy has made may be destroyed by the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import common, store

if TYPE_CHECKING:
    from xxpy.compiler.base.order import Maker

_CLASSIC: Final = "classic_locale_imp_.__emplace(1u)"
_COUNTED: Final = "classic_locale_imp_.__emplace(static_cast<size_t>(1) << 30)"
"""A count of references that other copies do not bring to zero. libc++ counts none for its own
classic locale, and so does not know that another copy's is never to be deleted."""
_FIRST: Final = """
namespace { [[gnu::constructor(101)]] void number_facets() { std::locale::classic(); } }
"""
"""Makes the classic locale before anything asks for a facet. libc++ numbers the facets when they
are first asked for, and all copies must give them the same numbers."""
_HIDDEN: Final = """
#if defined(_LIBCXXABI_ARM_EHABI)
asm(".hidden __cxa_end_cleanup");
#endif
"""
_BY_NAME: Final = "-D_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION=2"


def compare_types_by_name(maker: Maker, archive: Path, work: Path) -> None:
    """Let libc++abi compare types by name.

    Otherwise no handler catches an exception of a shared library, because each library has its own
    copy of the types (https://libcxx.llvm.org/DesignDocs/VisibilityMacros.html; libc++'s
    ``_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION``).

    :param archive: libc++abi
    """
    source = maker.zig.library / "libcxxabi/src/private_typeinfo.cpp"
    _compile(maker, source, archive, work, _BY_NAME, "-D_LIBCXXABI_BUILDING_LIBRARY")


def hide_end_of_cleanup(maker: Maker, archive: Path, work: Path) -> None:
    """Hide the function of 32-bit ARM that libc++abi writes in assembly, as all its others.

    Otherwise a shared library calls that of the program, which does not know the exception.

    :param archive: libc++abi
    """
    original = maker.zig.library / "libcxxabi/src/cxa_exception.cpp"
    source = work / original.name
    source.write_text(original.read_text("utf-8") + _HIDDEN, "utf-8")
    own = ("-I", str(original.parent))
    _compile(maker, source, archive, work, "-D_LIBCXXABI_BUILDING_LIBRARY", *own)


def share_locales(maker: Maker, archive: Path, work: Path) -> None:
    """Let each copy of libc++ use the locales of the others, to which streams refer.

    :param archive: libc++
    :raises ToolError: zig's libc++ makes its classic locale in a way that is not known here
    """
    original = maker.zig.library / "libcxx/src/locale.cpp"
    source = work / original.name
    text = original.read_text("utf-8")
    if _CLASSIC not in text:
        raise common.unknown(f"the libc++ of zig {maker.zig.version} is unknown")
    source.write_text(text.replace(_CLASSIC, _COUNTED) + _FIRST, "utf-8")
    _compile(maker, source, archive, work)


def _compile(maker: Maker, source: Path, archive: Path, work: Path, *more: str) -> None:
    """Compile a source, and replace its member of an archive.

    :param more: further options of clang
    """
    zig = maker.zig
    target = work / f"{source.stem}.o"
    folders = [
        word
        for part in ("libcxxabi/include", "libcxx/include", "libcxx/src")
        for word in ("-I", str(zig.library / part))
    ]
    flags = (
        *("-D_LIBCPP_BUILDING_LIBRARY", "-DNDEBUG", "-w", "-O2", "-std=c++23"),
        *(("-fPIC",) if maker.order.format == "elf" else ()),
        *("-fvisibility=hidden", "-fvisibility-inlines-hidden"),
        *("-ffunction-sections", "-fdata-sections"),
    )
    configuration = store.folder(zig, maker.order.folder) / store.MARK
    configured = (f"--config={configuration}", f"@{configuration.with_name(store.CXX_FLAGS)}")
    words = (*configured, *flags, *more, *folders, "-nostdinc++", "-c", str(source))
    common.clang(maker, *words, "-o", str(target))
    for member in common.ar(maker, "t", str(archive)).splitlines():
        if Path(member).stem == source.stem:
            common.ar(maker, "d", str(archive), Path(member).name)
    common.ar(maker, "rcsD", str(archive), str(target))
