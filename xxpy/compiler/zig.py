"""zig: clang, lld and a libc for nearly every target in one wheel; from PATH, else from the extra ``xxpy[zig]`` (``ziglang``).

The compiler is clang itself (``zig clang``), the linker lld (``zig ld.lld``); libc and runtimes are
the base sysroot's, made of zig's parts (:mod:`xxpy.compiler.base`). The oldest glibc that programs
run on is part of zig's target (``aarch64-linux-gnu.2.28``).
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.compiler import base, tools
from xxpy.compiler.base import Base, macos, parts, windows
from xxpy.compiler.base.order import Order
from xxpy.compiler.compiler import Tools, by_libc
from xxpy.errors import ToolError
from xxpy.machine import programs
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Command, Sysroot, Wanted
    from xxpy.table.columns import Row as PlatformRow
    from xxpy.table.columns import Zig as Row
    from xxpy.table.target import Target

NAME: Final = "zig"
FLOOR: Final = "2.28"
"""The oldest glibc of programs where nobody asks for another: that of Debian 10 and RHEL 8 (https://peps.python.org/pep-0600)."""
OLDEST: Final = "0.17"
"""The oldest zig whose parts are where :mod:`xxpy.compiler.base` looks for them; the extra asks for it too."""
_PACKAGE: Final = "ziglang"
_OWN: Final = ("ar", "ranlib", "objcopy", "dlltool", "rc")
_TARGET: Final = "--target=*"
"""The target as clang spells it, which zig refuses; the crate cc adds it to every compiler that says it is clang."""
_RESOURCES: Final = {"llvm-rc": "zig-rc", "llvm-cvtres": "zig-cvtres"}
"""What stands for llvm's compiler of Windows resources and for what makes objects of them; zig's ``rc`` is both."""


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
        if _has_base(row):
            return self._clang(wanted, name)
        return self._command(wanted, name)

    def _clang(self, wanted: Wanted, name: str) -> Tools:
        """Return clang and lld with the base sysroot for a target.

        :raises ToolError: clang has no name for it, or the sysroot is of another libc
        """
        target = wanted.target
        row = target.row
        triple = None if row.clang is None else by_libc(row.clang, target)
        if row.clang is None or row.zig is None or triple is None:
            raise ToolError(f"its clang has no name for {row.platform}")
        if wanted.sysroot is not None and not _suits(wanted.sysroot, target):
            raise ToolError(
                f"the sysroot {wanted.sysroot.path} has glibc, {target.libc} is asked for"
            )
        floor = self.floor(wanted)
        if wanted.static and row.triple.libc and target.libc.startswith("gnu"):
            raise ToolError("has no static glibc: --libc musl makes static programs")
        old = _before(row.zig, floor)
        if old and wanted.cxx:
            raise ToolError(
                f"its C++ library needs glibc {row.zig.abi}, and {floor} is asked for: long double was another type before"
            )
        flags = (*row.clang.flags, *(old or (row.zig.abi_since if floor else ())))
        libc = "" if not row.triple.libc else "musl" if target.libc.startswith("musl") else "gnu"
        oldest = floor or _release(target)
        order = Order(
            f"{name}.{oldest}" if oldest else name,
            row.zig.cpu,
            triple,
            flags,
            row.file.format,
            libc,
            windows=windows.needs(row) if row.pe is not None else None,
            apple=macos.needs(row, macos.find_lld(self.environment))
            if row.macho is not None
            else None,
        )
        made = Base(parts.find(self.program, self.environment), order)
        sdk = ("-isysroot", str(wanted.sdk)) if wanted.sdk is not None else ()
        places = (f"-mmacos-version-min={oldest}", *sdk) if row.sdk is not None else ()
        march = (f"-march={row.clang.march}",) if row.clang.march and row.platform.variant else ()
        clang = (self.program, "clang", "--no-default-config")
        others = self._others(target)
        return Tools(
            "clang",
            clang,
            None if old else (*clang, "--driver-mode=g++"),
            (
                f"--target={triple}",
                *march,
                f"@{made.configuration}",
                *places,
                f"--ld-path={made.linker}",
            ),
            others,
            configured=True,
            resources=self._resources(target),
            processors=row.clang.processors,
            own_libraries=True,
            missing=tools.missing(others, target),
            base=made,
            linker=(str(made.linker),),
            static=libc == "musl",
        )

    def _resources(self, target: Target) -> dict[str, tuple[str, Command]]:
        """Return what compiles Windows resources."""
        return {
            name: (template, (self.program, "rc"))
            for name, template in _RESOURCES.items()
            if target.row.pe is not None
        }

    def _others(self, target: Target) -> dict[str, Command]:
        own: dict[str, Command] = {tool: (self.program, tool) for tool in _OWN}
        return tools.find(target, own, self.environment)

    def _command(self, wanted: Wanted, name: str) -> Tools:
        """Return zig's own commands for C for a target whose base xxpy does not make."""
        target = wanted.target
        row = target.row
        assert row.zig is not None  # noqa: S101 - tools() has seen it
        version = "" if row.sdk is None else f".{_release(target)}"
        cpu = (f"-mcpu={row.zig.cpu}",) if row.zig.cpu else ()
        flags = ("-target", f"{name}{version}", *cpu, "-fno-sanitize=undefined", *_places(wanted))
        return Tools(
            "clang",
            (self.program, "cc"),
            (self.program, "c++"),
            flags,
            self._others(target),
            dropped=(_TARGET,),
            own_libraries=True,
            resources=self._resources(target),
        )

    def strengths(self, wanted: Wanted) -> str:
        """Return the clang in it and the libc of its base sysroot."""
        target, floor = wanted.target, self.floor(wanted)
        libc = (
            f"glibc {floor}"
            if floor is not None
            else target.libc
            if target.row.triple.libc
            else target.row.platform.os
        )
        if not _has_base(target.row):
            return f"brings the libc of {libc}"
        return f"clang {_clang_version(self.program)}, base sysroot {libc}"

    @staticmethod
    def floor(wanted: Wanted) -> str | None:
        """Return the oldest glibc that programs will run on, or None where there is no glibc."""
        row = wanted.target.row
        if not row.triple.libc or wanted.target.libc.startswith("musl") or row.zig is None:
            return None
        oldest = max(FLOOR, row.zig.glibc or FLOOR, key=numbers)
        if wanted.floor is not None:
            return wanted.floor
        found = None if wanted.sysroot is None else wanted.sysroot.glibc
        return max(oldest, found, key=numbers) if found else oldest


@cache
def _clang_version(program: str) -> str:
    """Return the version of the clang in zig."""
    found = re.search(r"clang version (\d[\w.]*)", programs.output([program, "clang", "--version"]))
    return found[1] if found else "of unknown version"


def _has_base(row: PlatformRow) -> bool:
    """Whether a base sysroot is made for a platform; of Apple's systems, macOS alone has an SDK in zig."""
    return row.file.format in base.FORMATS and (row.macho is None or row.sdk is not None)


def _release(target: Target) -> str | None:
    """Return the oldest release of the system that programs run on, where the triple says it."""
    row = target.row
    if row.sdk is None or row.zig is None:
        return None
    asked = target.triple.rpartition(row.triple.system)[2]
    return row.zig.version if asked == row.triple.version else asked


def _before(row: Row, floor: str | None) -> Command:
    """Return the flags for a glibc before the one in which the architecture's ABI changed."""
    return row.abi_before if row.abi and floor and numbers(floor) < numbers(row.abi) else ()


def _suits(sysroot: Sysroot, target: Target) -> bool:
    """Whether the libraries of a sysroot are for the target's libc."""
    return not target.row.triple.libc or sysroot.glibc is None or target.libc.startswith("gnu")


def _places(wanted: Wanted) -> Command:
    """Return where further headers and libraries lie; zig's own libc comes first, so that a sysroot's never gets between."""
    if wanted.sdk is not None:
        root = wanted.sdk
        return ("-idirafter", f"{root}/usr/include", "-iframework", f"{root}/System/Library/Frameworks", f"-L{root}/usr/lib",
                f"-F{root}/System/Library/Frameworks")  # fmt: skip
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
    """Return the zig on PATH, else that of the extra; one that is too old is passed over.

    :raises ToolError: there is none whose parts are laid out as xxpy knows them, or it does not
        answer
    """
    del wanted  # one zig for all targets
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
        old = f"{program} is zig {version}, and {OLDEST} is the oldest whose parts xxpy knows"
    raise ToolError(old or "not found: zig on PATH, or the extra xxpy[zig]")


def ways(wanted: Wanted, *, installed: bool = False) -> str:
    """Return how to get zig, where it can do the target."""
    row = wanted.target.row
    able = (
        row.zig is not None
        and by_libc(row.zig, wanted.target) is not None
        and row.zig.unable is None
    )
    install = extras.command("zig")
    if wanted.static and wanted.target.libc.startswith("gnu"):
        return "--libc musl" if installed else f"{install}, and --libc musl"
    return install if able and not installed else ""


def _packaged() -> str | None:
    """Return the ``zig`` of the extra, or None where it is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "zig"
        if program.is_file():
            return str(program)
    return None
