"""Programs of a target on this machine: which emulator is there, and whether a program was seen to run with it.

An emulator alone runs nothing: a dynamically linked program needs the target's loader and libc as
well, wine may have no folder that it can write, and one that is for another processor is no help.
So a build tool is told of an emulator only when a small program that the target's compiler has
linked ran with it (:func:`seen`). The answer is kept in the user's cache under everything that it
depends on.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xxpy.compiler.compiler import PROGRAM_C, PROGRAM_CXX, compile_to, telling
from xxpy.errors import ToolError
from xxpy.machine import facts as machine
from xxpy.machine import files, programs, resources, temporary
from xxpy.table import availability

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.compiler.compiler import Tools, Wanted
    from xxpy.table.target import Target

_FOLDER: Final = "emulators"
_PATIENCE: Final = 120.0
"""Seconds that a program of one line may take: wine makes a folder with a whole Windows first."""

Command = tuple[str, ...]


class Seen(NamedTuple):
    """Whether programs of a target were seen to run here.

    :param command: the emulator; empty where they run as they are, None where nothing was seen to
        run them
    :param fault: why not, for people, or ""
    """

    command: Command | None
    fault: str = ""


def find(wanted: Wanted, environment: Mapping[str, str]) -> Command | None:
    """Return what may run programs of the target on this machine: nothing where they run as they are, None where there is no emulator."""
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


def ways(target: Target) -> str:
    """Return how to get what runs programs of the target here, for people, or "" where nothing does."""
    row = target.row
    if row.qemu is not None:
        return "install QEMU's user mode: apt-get install qemu-user-static"
    return f"install {' or '.join(row.run.programs)}" if row.run is not None else ""


def quieting(target: Target) -> Mapping[str, str]:
    """Return the variables that keep what runs programs of the target from saying more than they do."""
    run = target.row.run
    return {} if run is None or run.environment is None else run.environment


def library_root(wanted: Wanted) -> Path | None:
    """Return the folder with the target's dynamic loader: the sysroot, or that of the cross packages."""
    if wanted.sysroot is not None:
        return wanted.sysroot.path
    installed = Path("/usr") / wanted.target.triple
    return installed if installed.is_dir() else None


def refusal(target: Target, fault: str) -> ToolError:
    """Return why tests cannot run here: there is no emulator, or no program was seen to run with it."""
    platform = target.platform
    if not fault:
        return ToolError(
            f"nothing on this machine runs the tests for {platform}",
            ways(target) or "build that platform without --run-tests",
        )
    own = machine.release()
    found = (
        availability.best(target.row, target.libc, resources.table(), (own.id, own.version))
        if target.row.packaged
        else None
    )
    remedy = (
        ""
        if found is None
        else f"the loader and the libc come with a sysroot: {found[1]}, then --sysroot {found[0]}"
    )
    return ToolError(
        f"no program for {platform} was seen to run on this machine: {fault}",
        remedy or "build that platform without --run-tests",
    )


def seen(wanted: Wanted, tools: Tools, environment: Mapping[str, str]) -> Seen:
    """Return the emulator with which a program of the target was seen to run, tried now or earlier."""
    command = find(wanted, environment)
    if not command:
        return Seen(command)
    lacking = _lacking_loader(wanted, tools)
    if lacking:
        return Seen(None, lacking)
    place = resources.cache_folder(_FOLDER) / f"{_key(wanted, tools, command)}.json"
    fault = _remembered(place)
    if fault is None:
        fault = _try(wanted, tools, command, environment)
        files.write(place, json.dumps({"emulator": command, "fault": fault}) + "\n")
    return Seen(None, fault) if fault else Seen(command)


def _lacking_loader(wanted: Wanted, tools: Tools) -> str:
    """Return that the loader of glibc is not there, which needs no trial, or ""; musl's programs may be static."""
    target = wanted.target
    loader = None if target.row.loader is None else target.row.loader.gnu
    if (
        target.row.qemu is None
        or loader is None
        or not target.libc.startswith("gnu")
        or "-static" in tools.flags
    ):
        return ""
    roots = [root for root in (library_root(wanted), Path("/")) if root is not None]
    if any((root / loader.lstrip("/")).exists() for root in roots):
        return ""
    return f"the loader {loader} is not in {' or '.join(map(str, roots))}"


def _key(wanted: Wanted, tools: Tools, command: Command) -> str:
    """Return a digest of all that the answer depends on."""
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
    """Return the fault that an earlier trial found, "" where there was none, None where nothing was tried."""
    try:
        return str(json.loads(place.read_text("utf-8"))["fault"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _with_cxx(wanted: Wanted, tools: Tools) -> bool:
    """Whether the program is in C++, whose library is another one that may be missing; a compiler that brings its own links it in."""
    return wanted.cxx and tools.cxx is not None and not tools.own_libraries


def _try(wanted: Wanted, tools: Tools, command: Command, environment: Mapping[str, str]) -> str:
    """Link a program of one line and run it; return what is wrong, or ""."""
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
    """Run a program; return what is wrong, or ""."""
    try:
        done = programs.watch(
            command, lambda: None, environment=environment, folder=folder, seconds=_PATIENCE
        )
    except ToolError as error:
        return error.message
    if done.status == 0:
        return ""
    said = telling(done.errors or done.output)
    return f"{Path(command[0]).name} {'says: ' + said if said else f'ends with exit status {done.status}'}"
