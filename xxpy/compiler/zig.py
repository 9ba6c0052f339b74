"""zig: clang, lld and a libc for nearly every target in one wheel.

It is taken from PATH, or from the extra ``xxpy[zig]`` (``ziglang``). The compiler is clang itself
(``zig clang``) and the linker is lld (``zig ld.lld``); libc and runtimes are in a base sysroot made
from zig's parts (:mod:`xxpy.compiler.base`). The oldest glibc that programs run on is part of zig's
target (``aarch64-linux-gnu.2.28``).
"""

from __future__ import annotations

import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.compiler import base, tools
from xxpy.compiler.base import Base, parts
from xxpy.compiler.base.order import Order
from xxpy.compiler.compiler import Tools, by_libc
from xxpy.errors import ToolError
from xxpy.machine import programs
from xxpy.table import libc as c_library
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Command, Sysroot, Wanted
    from xxpy.table.target import Target

NAME: Final = "zig"
_WORDS: Final = ("clang", "clang++")
"""The compilers' names after the triple: zig contains clang."""
BY_TABLE: Final = True
FLOOR: Final = "2.28"
"""The oldest glibc that programs run on by default: that of Debian 10 and RHEL 8
(https://peps.python.org/pep-0600)."""
OLDEST: Final = "0.17"
"""The oldest zig whose parts :mod:`xxpy.compiler.base` finds; the extra requires it too."""
_PACKAGE: Final = "ziglang"
_OWN: Final = ("ar", "ranlib", "objcopy", "dlltool", "rc")
_TARGET: Final = "--target=*"
"""clang's option for the target, which zig refuses; the crate cc passes it to every clang."""
_RESOURCES: Final = {"llvm-rc": "zig-rc", "llvm-cvtres": "zig-cvtres"}
"""The templates for LLVM's two tools for Windows resources; zig's ``rc`` does the work of both."""


@dataclass(frozen=True, slots=True)
class Zig:
    """One installation of zig."""

    program: str
    version: str
    origin: str
    environment: Mapping[str, str]
    name: str = NAME

    def tools(self, wanted: Wanted) -> Tools:
        """Return the commands for a target.

        :raises ToolError: zig has no libc for it
        """
        target = wanted.target
        row = target.row
        name = None if row.zig is None else by_libc(row.zig, target)
        if row.zig is None or name is None or row.zig.unable is not None:
            raise ToolError((row.zig and row.zig.unable) or f"has no libc for {row.platform}")
        if row.file.format in base.FORMATS:
            return self._clang(wanted, name)
        return self._command(wanted, name)

    def _clang(self, wanted: Wanted, name: str) -> Tools:
        """Return clang and lld with the base sysroot for a target.

        :param name: zig's name for the target
        :raises ToolError: clang has no name for it, or the sysroot is of another libc
        """
        target = wanted.target
        row = target.row
        order = self._order(wanted, name)
        made = Base(parts.find(self.program, self.environment), order)
        assert row.clang is not None  # noqa: S101 - _order() has checked it
        release = row.clang.release
        places = (
            *(() if release is None else (f"{release}{_release(target)}",)),
            *(() if wanted.sdk is None else ("-isysroot", str(wanted.sdk))),
        )
        march = (f"-march={row.clang.march}",) if row.clang.march and row.platform.variant else ()
        clang = (self.program, "clang", "--no-default-config")
        flags = (f"--target={order.triple}", *march, f"@{made.configuration}", *places)
        others = self._others(target)
        return Tools(
            *_WORDS,
            clang,
            None if self._old(wanted) else (*clang, "--driver-mode=g++"),
            (*flags, f"--ld-path={made.linker}"),
            others,
            configured=True,
            ignored=row.clang.ignored,
            resources=self._resources(target),
            processors=row.clang.processors,
            own_libraries=True,
            missing=tools.missing(others, target),
            base=made,
            linker=(str(made.linker),),
            static=order.libc == c_library.MUSL,
        )

    def _order(self, wanted: Wanted, name: str) -> Order:
        """Return the order for the base sysroot of a target.

        :raises ToolError: clang has no name for it, or zig has no such libc
        """
        target = wanted.target
        row = target.row
        triple = None if row.clang is None else by_libc(row.clang, target)
        if row.clang is None or row.zig is None or triple is None:
            raise ToolError(f"its clang has no name for {row.platform}")
        if wanted.sysroot is not None and not _suits(wanted.sysroot, target):
            raise ToolError(f"needs {target.libc}, but the sysroot {wanted.sysroot.path} has glibc")
        floor = self.floor(wanted)
        if wanted.static and row.triple.libc and not c_library.is_musl(target.libc):
            raise ToolError("has no static glibc: --libc musl makes static programs")
        old = self._old(wanted)
        if old and wanted.cxx:
            raise ToolError(
                f"its C++ library needs glibc {row.zig.abi}, not {floor}: "
                "long double was another type before"
            )
        oldest = floor or _release(target)
        return Order(
            f"{name}.{oldest}" if oldest else name,
            row.zig.cpu,
            triple,
            (*row.clang.flags, *(old or (row.zig.abi_since if floor else ()))),
            row.file.format,
            c_library.of(target.libc) if row.triple.libc else "",
            system=(row.elf.note or "") if row.elf is not None and row.elf.stated else "",
            emulation=row.zig.emulation,
            windows=base.windows_needs(row),
            apple=base.apple_needs(row, self.environment),
        )

    def _old(self, wanted: Wanted) -> Command:
        """Return the flags for a glibc older than the change of the architecture's ABI, if any."""
        zig, floor = wanted.target.row.zig, self.floor(wanted)
        if zig is None or not zig.abi or not floor or numbers(floor) >= numbers(zig.abi):
            return ()
        return zig.abi_before

    def _resources(self, target: Target) -> dict[str, tuple[str, Command]]:
        """Return the commands that compile Windows resources."""
        return {
            name: (template, (self.program, "rc"))
            for name, template in _RESOURCES.items()
            if target.row.pe is not None
        }

    def _others(self, target: Target) -> dict[str, Command]:
        own: dict[str, Command] = {tool: (self.program, tool) for tool in _OWN}
        return tools.find(target, own, self.environment)

    def _command(self, wanted: Wanted, name: str) -> Tools:
        """Return ``zig cc`` and ``zig c++`` for a target for which xxpy makes no base."""
        target = wanted.target
        row = target.row
        assert row.zig is not None  # noqa: S101 - tools() has checked it
        release = _release(target)
        version = "" if release is None else f".{release}"
        cpu = (f"-mcpu={row.zig.cpu}",) if row.zig.cpu else ()
        flags = ("-target", f"{name}{version}", *cpu, "-fno-sanitize=undefined", *_places(wanted))
        return Tools(
            *_WORDS,
            (self.program, "cc"),
            (self.program, "c++"),
            flags,
            self._others(target),
            dropped=(_TARGET,),
            own_libraries=True,
            resources=self._resources(target),
        )

    def driver_version(self) -> str:
        """Return the version of its clang, or "" if it prints none."""
        said = programs.answer([self.program, "clang", "--version"], os.environ)
        found = re.search(r"clang version (\d[\w.]*)", said)
        return found[1] if found else ""

    def strengths(self, wanted: Wanted) -> str:
        """Return the version of its clang and the libc of its base sysroot, for people."""
        target, floor = wanted.target, self.floor(wanted)
        libc = (
            f"glibc {floor}"
            if floor is not None
            else target.libc
            if target.row.triple.libc
            else target.row.platform.os
        )
        if target.row.file.format not in base.FORMATS:
            return f"has the libc of {libc}"
        version = self.driver_version() or "of unknown version"
        return f"clang {version}, base sysroot {libc}"

    @staticmethod
    def floor(wanted: Wanted) -> str | None:
        """Return the oldest glibc that programs will run on, or None where there is no glibc."""
        row = wanted.target.row
        if not row.triple.libc or c_library.is_musl(wanted.target.libc) or row.zig is None:
            return None
        oldest = max(FLOOR, row.zig.glibc or FLOOR, key=numbers)
        if wanted.floor is not None:
            return wanted.floor
        found = None if wanted.sysroot is None else wanted.sysroot.glibc
        return max(oldest, found, key=numbers) if found else oldest


def _release(target: Target) -> str | None:
    """Return the oldest release of the system that programs run on, if triples say it."""
    row = target.row
    if row.zig is None or row.zig.version is None:
        return None
    asked = target.triple.rpartition(row.triple.system)[2]
    return row.zig.version if asked == row.triple.version else asked


def _suits(sysroot: Sysroot, target: Target) -> bool:
    """Whether the libraries of a sysroot are for the target's libc."""
    return not target.row.triple.libc or sysroot.glibc is None or not c_library.is_musl(target.libc)


def _places(wanted: Wanted) -> Command:
    """Return the flags for the folders of an SDK or a sysroot.

    zig's own libc comes before them, so that no header of another libc is used.
    """
    if wanted.sdk is not None and wanted.target.row.sdk is not None:
        root, frameworks = wanted.sdk, f"{wanted.sdk}/{wanted.target.row.sdk.frameworks}"
        headers = ("-idirafter", f"{root}/usr/include", "-iframework", frameworks)
        return (*headers, f"-L{root}/usr/lib", f"-F{frameworks}")
    if wanted.sysroot is None:
        return ()
    root, words = wanted.sysroot.path, wanted.sysroot.debian_triple
    further = (f"{root}/usr/include/{words}", f"{root}/usr/lib/{words}") if words else ()
    headers = (*further[:1], f"{root}/usr/include")
    return (
        *(word for folder in headers for word in ("-idirafter", folder)),
        *(f"-L{folder}" for folder in (*further[1:], f"{root}/usr/lib")),
    )


def find(wanted: Wanted, environment: Mapping[str, str]) -> Zig:
    """Return the zig on PATH, or that of the extra; one that is too old is skipped.

    :raises ToolError: there is none in the layout that xxpy knows, or it does not answer
    """
    del wanted  # one zig serves all targets
    old = ""
    for program, origin in (
        (programs.which("zig", environment), "PATH"),
        (_packaged(), "xxpy[zig]"),
    ):
        if program is None:
            continue
        version = programs.answer([program, "version"], environment).strip()
        if numbers(version) >= numbers(OLDEST):
            return Zig(program, version, origin, environment)
        old = f"{program} is zig {version}, but xxpy needs {OLDEST} or newer"
    raise ToolError(old or "not found: zig on PATH, or the extra xxpy[zig]")


def remedy(wanted: Wanted, *, installed: bool = False) -> str:
    """Return how to get zig, if it can build for the target."""
    row = wanted.target.row
    able = (
        row.zig is not None
        and by_libc(row.zig, wanted.target) is not None
        and row.zig.unable is None
    )
    install = extras.command("zig")
    if wanted.static and not c_library.is_musl(wanted.target.libc):
        return "--libc musl" if installed else f"{install}, and --libc musl"
    return install if able and not installed else ""


def _packaged() -> str | None:
    """Return the ``zig`` of the extra, or None if it is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "zig"
        if program.is_file():
            return str(program)
    return None
