"""zig: clang with a libc of its own for nearly every target; from PATH, else from the extra ``xxpy[zig]`` (the package ``ziglang``).

It builds the libc of a target when that is used for the first time, which takes up to a minute and is kept in zig's cache; the oldest glibc
that programs run on is part of its target (``aarch64-linux-gnu.2.28``), which is always written out because zig's own default is not old.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy import extras, host
from xxpy.errors import ToolError
from xxpy.toolchain.compiler import Tools, by_libc, version_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.toolchain.compiler import Command, Wanted

NAME: Final = "zig"
FLOOR: Final = "2.28"
"""The oldest glibc of programs where nobody asks for another: that of Debian 10 and RHEL 8 (https://peps.python.org/pep-0600)."""
_PACKAGE: Final = "ziglang"
_OWN: Final = ("ar", "ranlib", "objcopy", "dlltool", "rc")
_TARGET: Final = "--target=*"
"""The target as clang spells it, which zig refuses; the crate cc adds it to every compiler that says it is clang."""
_RESOURCES: Final = {"llvm-rc": "zig-rc", "llvm-cvtres": "zig-cvtres"}
"""What stands for llvm's compiler of Windows resources and for what makes objects of them; zig's ``rc`` is both."""
_LLVM: Final = ("nm", "strip", "objdump", "readelf", "addr2line")


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
        floor = self.floor(wanted)
        version = f".{floor}" if floor is not None else ""
        if row.sdk is not None:
            asked = target.triple.rpartition(row.triple.system)[2]
            version = f".{row.zig.version if asked == row.triple.version else asked}"
        cpu = (f"-mcpu={row.zig.cpu}",) if row.zig.cpu else ()
        flags = ("-target", f"{name}{version}", *cpu, "-fno-sanitize=undefined", *_places(wanted))
        others: dict[str, Command] = {tool: (self.program, tool) for tool in _OWN}
        others |= {tool: (path,) for tool in _LLVM if (path := host.which(f"llvm-{tool}", self.environment))}
        dropped = (_TARGET, *row.zig.implied)
        resources = {name: (template, (self.program, "rc")) for name, template in _RESOURCES.items() if row.pe is not None}
        return Tools(
            "clang",
            (self.program, "cc"),
            (self.program, "c++"),
            flags,
            others,
            dropped=dropped,
            own_libraries=True,
            resources=resources,
        )

    def strengths(self, wanted: Wanted) -> str:
        """Return that it needs nothing else, and the oldest glibc."""
        floor = self.floor(wanted)
        return "brings its own libc" if floor is None else f"brings its own libc; glibc floor {floor}"

    @staticmethod
    def floor(wanted: Wanted) -> str | None:
        """Return the oldest glibc that programs will run on, or None where there is no glibc."""
        row = wanted.target.row
        if not row.triple.libc or wanted.target.libc.startswith("musl") or row.zig is None:
            return None
        oldest = max(FLOOR, row.zig.glibc or FLOOR, key=version_key)
        if wanted.floor is not None:
            return wanted.floor
        found = None if wanted.sysroot is None else wanted.sysroot.glibc
        return max(oldest, found, key=version_key) if found else oldest


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
    """Return the zig on PATH, else that of the extra.

    :raises ToolError: there is none, or it does not answer
    """
    del wanted  # one zig for all targets
    program, origin = host.which("zig", environment), "PATH"
    if program is None:
        program, origin = _packaged(), "xxpy[zig]"
    if program is None:
        raise ToolError("not found: zig on PATH, or the extra xxpy[zig]")
    return Zig(program, host.output([program, "version"], environment=environment).strip(), origin, environment)


def ways(wanted: Wanted) -> str:
    """Return how to get zig, where it can do the target."""
    row = wanted.target.row
    able = row.zig is not None and by_libc(row.zig, wanted.target) is not None and row.zig.unable is None
    return extras.command("zig") if able else ""


def _packaged() -> str | None:
    """Return the ``zig`` of the extra, or None where it is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    for place in () if found is None else found.submodule_search_locations or ():
        program = Path(place) / "zig"
        if program.is_file():
            return str(program)
    return None
