"""clang: one compiler for all targets, with libraries from a sysroot, an SDK or cross packages.

xxpy looks for it in the NDK, in ``$CLANG``, on PATH as ``clang`` and ``clang-19``, and in
``/usr/lib/llvm-*/bin``. Its linker is lld, or ``TRIPLE-ld`` if lld cannot link for the target (lld
14 and s390x); xxpy links a program to find out.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.compiler import tools
from xxpy.compiler.compiler import Tools, by_libc, newer_than_floor
from xxpy.compiler.trial import try_to_link
from xxpy.errors import ToolError
from xxpy.machine import advice, facts, programs, resources, trust
from xxpy.table import availability
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xxpy.compiler.compiler import Command, Wanted
    from xxpy.table.columns import Row
    from xxpy.table.target import Target

NAME: Final = "clang"
BY_TABLE: Final = False
VARIABLE: Final = "CLANG"
_LLVM: Final = (
    "ar",
    "ranlib",
    "nm",
    "strip",
    "objcopy",
    "objdump",
    "readelf",
    "addr2line",
    "dlltool",
)
_RESOURCES: Final = ("llvm-rc", "llvm-cvtres")
_OWN_ROOTS: Final = Path("/usr/lib")
_CROSS_ROOTS: Final = Path("/usr")
"""Where cross packages of distributions have one folder for each target."""


@dataclass(frozen=True, slots=True)
class Clang:
    """One installation of clang."""

    program: str
    version: str
    origin: str
    backends: frozenset[str]
    environment: Mapping[str, str]
    name: str = NAME

    def tools(self, wanted: Wanted) -> Tools:
        """Return the commands for a target, with the first linker that links a program.

        :raises ToolError: it lacks the back-end, or no linker works
        """
        target = wanted.target
        row = target.row
        triple = None if row.clang is None else by_libc(row.clang, target)
        if row.clang is None or triple is None:
            raise ToolError(f"has no name for {row.platform}")
        if self.backends and row.clang.backend not in self.backends:
            since = f" (LLVM {row.clang.since} has it)" if row.clang.since else ""
            raise ToolError(f"lacks the back-end {row.clang.backend}{since}")
        newer_than_floor(wanted)
        flags = self._flags(wanted, triple)
        cxx = self._beside("clang++")
        linker = self._working_linker(wanted, flags, cxx)
        return Tools(
            NAME,
            "clang++",
            (self.program,),
            None if cxx is None else (cxx,),
            (*flags, *linker),
            self._others(target, linker),
            configured=True,
            ignored=row.clang.ignored,
            processors=row.clang.processors,
            resources=self._resources(row),
        )

    def _working_linker(self, wanted: Wanted, flags: Command, cxx: str | None) -> Command:
        """Return the flags that name the first linker that links a program.

        :raises ToolError: none does
        """
        failures: list[ToolError] = []
        for linker in self._linkers(wanted.target):
            try:
                try_to_link(wanted, (self.program,), (*flags, *linker), self.environment)
                if wanted.cxx and cxx is not None:
                    try_to_link(wanted, (cxx,), (*flags, *linker), self.environment, cxx=True)
            except ToolError as error:
                failures.append(error)
                continue
            return linker
        if not failures:
            raise ToolError("no linker: neither lld nor an ld for this target")
        bare = wanted.target.is_cross and wanted.sysroot is None and wanted.sdk is None
        lead = "no sysroot, and without one: " if bare else ""
        raise ToolError(f"{lead}{failures[0].message}")

    def _others(self, target: Target, linker: Command) -> dict[str, Command]:
        """Return the other tools of the same installation, with the linker that the flags name."""
        others: dict[str, Command] = {}
        for name in (*_LLVM, *tools.of_system(target)):
            path = self._beside(tools.of_llvm(name)) or programs.which(name, self.environment)
            if path:
                others[name] = (path,)
        if linker:
            named = linker[0].removeprefix("-fuse-ld=")
            others["ld"] = (named if "/" in named else self._beside("ld.lld") or "ld.lld",)
        return others

    def driver_version(self) -> str:
        """Return the version of clang."""
        return self.version

    def strengths(self, wanted: Wanted) -> str:
        """Return where it takes the libc from, for people."""
        if wanted.sysroot is not None:
            return f"links the libraries of {wanted.sysroot.path}"
        if wanted.sdk is not None:
            return f"links the libraries of {wanted.sdk}"
        return (
            "this machine's own libraries"
            if not wanted.target.is_cross
            else "links the cross libraries that are installed"
        )

    def _flags(self, wanted: Wanted, triple: str) -> Command:
        """Return the flags for a target, without those that name the linker.

        :raises ToolError: the SDK or the NDK is missing
        """
        target = wanted.target
        row = target.row
        if row.android is not None:
            triple = f"{triple}{row.android.api}"
        if row.sdk is not None:
            if wanted.sdk is None:
                raise ToolError("no SDK folder (--sdk DIR)")
            return (f"--target={target.triple}", "-isysroot", str(wanted.sdk))
        if row.android is not None and wanted.ndk is None:
            raise ToolError("no NDK folder (--ndk DIR, or ANDROID_NDK_HOME)")
        assert row.clang is not None  # noqa: S101 - tools() has checked it
        march = (f"-march={row.clang.march}",) if row.clang.march and row.platform.variant else ()
        root = (
            _cross_packages(wanted)
            if wanted.sysroot is None
            else (f"--sysroot={wanted.sysroot.path}",)
        )
        return (f"--target={triple}", *march, *row.clang.flags, *root)

    def _linkers(self, target: Target) -> Iterator[Command]:
        """Yield the flags that name a linker, best first."""
        if not target.is_cross:
            yield ()
        if self._beside("ld.lld") or programs.which("ld.lld", self.environment):
            yield ("-fuse-ld=lld",)
        own = programs.which(f"{target.triple}-ld", self.environment)
        if own is not None:
            yield (f"-fuse-ld={own}",)

    def _resources(self, row: Row) -> dict[str, tuple[str, Command]]:
        """Return the commands that compile Windows resources, if LLVM's are both installed."""
        found = {
            name: path for name in _RESOURCES if row.pe is not None and (path := self._beside(name))
        }
        return (
            {name: ("command", (path,)) for name, path in found.items()}
            if len(found) == len(_RESOURCES)
            else {}
        )

    def _beside(self, name: str) -> str | None:
        """Return a tool of the same installation: beside the program, or else on PATH."""
        for place in (Path(self.program).parent, Path(self.program).resolve().parent):
            for spelling in (name, f"{name}-{self.version.partition('.')[0]}"):
                if os.access(place / spelling, os.X_OK):
                    return str(place / spelling)
        return programs.which(name, self.environment)


def _cross_packages(wanted: Wanted) -> Command:
    """Return flags that keep this machine's headers out of programs built with cross packages.

    clang looks for headers in ``/usr/include`` as well as in the cross packages (``/usr/TRIPLE``).
    That is right only where the target's libraries are installed beside the machine's own.
    """
    target = wanted.target
    packages = _CROSS_ROOTS / target.triple / "include"
    beside = _CROSS_ROOTS / "include" / target.triple
    if (
        not target.is_cross
        or not target.row.triple.libc
        or wanted.ndk is not None
        or beside.is_dir()
        or not packages.is_dir()
    ):
        return ()
    newest = max(packages.glob("c++/*"), key=lambda path: numbers(path.name), default=None)
    places = () if newest is None else (newest, newest / target.triple, newest / "backward")
    return (
        "-nostdlibinc",
        *(word for place in places for word in ("-cxx-isystem", str(place))),
        "-idirafter",
        str(packages),
    )


def find(wanted: Wanted, environment: Mapping[str, str]) -> Clang:
    """Return the clang of the NDK, else the one that ``CLANG`` names, else the first installed one.

    :raises ToolError: there is none, or it does not answer
    """
    for program, origin in _candidates(wanted, environment):
        answer = programs.answer([program, "--version"], environment)
        found = re.search(r"clang version (\d[\w.]*)", answer)
        if found is None:
            said = answer.splitlines()[0] if answer else "nothing"
            raise ToolError(f"{program} is not clang: --version prints {said}")
        listed = programs.answer([program, "-print-targets"], environment)
        backends = frozenset(re.findall(r"^\s+(\S+)\s+- ", listed, re.MULTILINE))
        return Clang(program, found.group(1), origin, backends, environment)
    raise ToolError("not found: clang, clang-N, /usr/lib/llvm-N/bin/clang")


def remedy(wanted: Wanted, *, installed: bool = False) -> str:
    """Return how to get a clang that can build for the target, and the sysroot that it needs."""
    row = wanted.target.row
    if row.sdk is not None:
        return ""
    if row.android is not None:
        return "Android's NDK: --ndk DIR, or ANDROID_NDK_HOME"
    machine = facts.release()
    found = (
        availability.best(row, wanted.target.libc, resources.table(), (machine.id, machine.version))
        if row.packaged
        else None
    )
    root = "--sysroot DIR" if found is None else f"{found[1]}   then   --sysroot {found[0]}"
    return root if installed else f"{advice.install('clang')}, and {root}"


def _candidates(wanted: Wanted, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each clang and where it was found, in the order in which they count."""
    if wanted.ndk is not None:
        for own in sorted(wanted.ndk.glob("toolchains/llvm/prebuilt/*/bin/clang")):
            yield str(own), f"the NDK {wanted.ndk}"
        raise ToolError(
            f"no clang in the NDK folder {wanted.ndk}: toolchains/llvm/prebuilt/*/bin/clang"
        )
    given = (trust.environment(environment) or environment).get(VARIABLE)
    if given:
        if (program := programs.which(given, environment)) is None:
            raise ToolError(f"not found: {given} ({VARIABLE})")
        yield program, VARIABLE
    on_path = programs.which("clang", environment)
    if on_path is not None:
        yield on_path, "PATH"
    numbered = {
        int(name.removeprefix("clang-")): path
        for folder in trust.search_path(environment).split(os.pathsep)
        for path in Path(folder).glob("clang-*")
        if (name := path.name) and name.removeprefix("clang-").isdigit()
    }
    for _number, found in sorted(numbered.items(), reverse=True):
        yield str(found), "PATH"
    for installed in sorted(
        _OWN_ROOTS.glob("llvm-*/bin/clang"),
        key=lambda path: -int(re.sub(r"\D", "", path.parts[3]) or 0),
    ):
        yield str(installed), str(installed.parent)
