"""Run programs of a target on this machine: find an emulator, and try whether it works.

An emulator alone is not enough: a dynamically linked program also needs the target's loader and
libc, and wine needs a folder that it can write to. So build tools get an emulator only if it ran a
small program from the target's compiler (:func:`seen`). The result is kept in the user's cache
under a digest of everything that it depends on.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.compiler.compiler import PROGRAM_C, PROGRAM_CXX, compile_to, telling
from xxpy.errors import ToolError
from xxpy.machine import advice, files, programs, resources, temporary
from xxpy.machine import facts as machine
from xxpy.table import availability
from xxpy.table import libc as c_library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Tools, Wanted
    from xxpy.table.target import Target

_FOLDER: Final = "emulators"
_PATIENCE: Final = 120.0
"""Seconds that a program of one line may take; wine first makes a folder with a whole Windows."""

Command = tuple[str, ...]


class Seen(NamedTuple):
    """Whether programs of a target ran on this machine.

    :param command: the emulator; empty if programs run without one, None if nothing runs them
    :param fault: why not, for people, or ""
    """

    command: Command | None
    fault: str = ""


def find(wanted: Wanted, environment: Mapping[str, str]) -> Command | None:
    """Return the command that may run programs of the target on this machine.

    It is empty if they run without an emulator, and None if there is no emulator.
    """
    row = wanted.target.row
    if not wanted.target.is_cross:
        return ()
    for name in (
        () if row.qemu is None else (f"qemu-{row.qemu.user}", f"qemu-{row.qemu.user}-static")
    ):
        program = programs.which(name, environment)
        if program is not None:
            place = library_root(wanted)
            return (program,) if place is None else (program, "-L", str(place))
    for name in () if row.run is None else row.run.programs:
        program = programs.which(name, environment)
        if program is not None:
            return (program,)
    return None


def by_kernel(target: Target) -> bool:
    """Whether the kernel of this machine starts an emulator for programs of the target."""
    qemu = target.row.qemu
    return qemu is not None and qemu.user in machine.handlers()


def remedy(target: Target) -> str:
    """Return how to install an emulator for the target, for people, or "" if there is none."""
    row = target.row
    if row.qemu is not None:
        return f"install QEMU's user mode: {advice.install('qemu')}"
    return f"install {' or '.join(row.run.programs)}" if row.run is not None else ""


def quieting(target: Target) -> Mapping[str, str]:
    """Return the variables that keep the emulator from printing messages of its own."""
    run = target.row.run
    return {} if run is None or run.environment is None else run.environment


def library_root(wanted: Wanted) -> Path | None:
    """Return the folder with the target's dynamic loader: the sysroot, or the cross packages."""
    if wanted.sysroot is not None:
        return wanted.sysroot.path
    installed = Path("/usr") / wanted.target.triple
    return installed if installed.is_dir() else None


def refusal(target: Target, fault: str) -> ToolError:
    """Return the error for tests that cannot run on this machine.

    :param fault: why no program ran with the emulator, or "" if there is none
    """
    platform = target.platform
    if not fault:
        return ToolError(
            f"nothing on this machine runs the tests for {platform}",
            remedy(target) or "build that platform without --run-tests",
        )
    own = machine.release()
    found = (
        availability.best(target.row, target.libc, resources.table(), (own.id, own.version))
        if target.row.packaged
        else None
    )
    return ToolError(
        f"programs for {platform} do not run on this machine: {fault}",
        "build that platform without --run-tests"
        if found is None
        else f"the loader and the libc come with a sysroot: {found[1]}"
        f"   then   --sysroot {found[0]}",
    )


def seen(wanted: Wanted, tools: Tools, environment: Mapping[str, str]) -> Seen:
    """Return the emulator that ran a program of the target, in a trial now or earlier."""
    command = find(wanted, environment)
    if not command:
        return Seen(command)
    missing = _missing_loader(wanted, tools)
    if missing:
        return Seen(None, missing)
    place = resources.cache_folder(_FOLDER) / f"{_key(wanted, tools, command)}.json"
    fault = _remembered(place)
    if fault is None:
        fault = _try(wanted, tools, command, environment)
        files.write(place, json.dumps({"emulator": command, "fault": fault}) + "\n")
    return Seen(None, fault) if fault else Seen(command)


def _missing_loader(wanted: Wanted, tools: Tools) -> str:
    """Return that glibc's loader is missing, which needs no trial, or "".

    musl's programs may be static, so they need a trial.
    """
    target = wanted.target
    loader = None if target.row.loader is None else target.row.loader.gnu
    if (
        target.row.qemu is None
        or loader is None
        or c_library.is_musl(target.libc)
        or "-static" in tools.flags
    ):
        return ""
    return lacking(wanted, loader)


def lacking(wanted: Wanted, loader: str) -> str:
    """Return that the loader of a foreign program is in no place where QEMU looks, or "".

    :param loader: ``/lib/ld-musl-aarch64.so.1``
    """
    if not wanted.target.is_cross or wanted.target.row.qemu is None:
        return ""
    roots = [root for root in (library_root(wanted), Path("/")) if root is not None]
    places = [root / loader.lstrip("/") for root in roots]
    if any(place.exists() or place.is_symlink() for place in places):
        return ""
    return f"the loader {loader} is not in {' or '.join(map(str, roots))}"


def _key(wanted: Wanted, tools: Tools, command: Command) -> str:
    """Return a digest of everything that the result depends on."""
    used = [Path(word).stat() for word in (command[0], tools.cc[0]) if Path(word).is_file()]
    known = [[status.st_size, status.st_mtime_ns] for status in used]
    facts = [
        str(wanted.target.platform),
        wanted.target.triple,
        command,
        tools.cc,
        tools.flags,
        _with_cxx(wanted, tools),
        known,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _remembered(place: Path) -> str | None:
    """Return the fault that an earlier trial found, "" for success, or None without a trial."""
    try:
        return str(json.loads(place.read_text("utf-8"))["fault"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _with_cxx(wanted: Wanted, tools: Tools) -> bool:
    """Return whether to try a program in C++, whose library may be missing as well.

    Compilers with their own C++ library link it statically, so for them C will do.
    """
    return wanted.cxx and tools.cxx is not None and not tools.own_libraries


def _try(wanted: Wanted, tools: Tools, command: Command, environment: Mapping[str, str]) -> str:
    """Link a program of one line and run it; return why that fails, or ""."""
    cxx = tools.cxx if _with_cxx(wanted, tools) else None
    text, suffix = (PROGRAM_C, ".c") if cxx is None else (PROGRAM_CXX, ".cc")
    with temporary.folder() as folder:
        program = folder / f"try{wanted.target.row.file.program_suffix}"
        try:
            compile_to(program, cxx or tools.cc, tools.flags, text, suffix)
        except ToolError as error:
            return error.message
        return _run(
            (*command, str(program)), {**environment, **quieting(wanted.target)}, str(folder)
        )


def _run(command: Command, environment: Mapping[str, str], folder: str) -> str:
    """Run a program; return why that fails, or ""."""
    try:
        done = programs.watch(
            command, lambda: None, environment=environment, folder=folder, seconds=_PATIENCE
        )
    except ToolError as error:
        return error.message
    if done.status == 0:
        return ""
    said = telling(done.errors or done.output)
    failed = f"says: {said}" if said else f"ends with exit status {done.status}"
    return f"{Path(command[0]).name} {failed}"
