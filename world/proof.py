"""Running what was built: natively, under QEMU or wine, by ``xxpy run``."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Final

from world import wine
from world.build import XXPY, first_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from world.entries import Entry
    from world.pairs import Goal

RUNNABLE: Final = ("linux/*", "linux/*:*", "windows/amd64")
"""Where programs run on a build machine: QEMU and wine have the rest not."""
_SECONDS: Final = 120
_WRONG: Final = re.compile(r"^.*(?:error: |cannot find |undefined ).*$", re.MULTILINE)
_COMPILE: Final = 'exec $CC "$@"'


def runs(entry: Entry, goal: Goal) -> bool:
    """Return whether the proof of an entry is run for a platform."""
    return bool(entry.proof or entry.program) and any(goal.matches(pattern) for pattern in RUNNABLE)


def prove(entry: Entry, goal: Goal, folder: Path, outputs: Sequence[Path], place: Path) -> str:
    """Run each proof of an entry and return why one failed, or "".

    :param folder: the platform's folder of the output
    :param place: the folder in which it is run, with the sysroot in its ``xxpy.toml``
    """
    if entry.proof == ("tests",):
        return ""  # xxpy build has run them
    if entry.program:
        return _with_program(entry, goal, folder, place)
    for line in entry.proof:
        name, *words = shlex.split(line)
        program = find(name, outputs)
        if program is None:
            return f"{name} is not among the outputs"
        reason = _run(entry, goal, (str(program), *words), folder, place)
        if reason:
            return f"{line}: {reason}"
    return ""


def _with_program(entry: Entry, goal: Goal, folder: Path, place: Path) -> str:
    """Compile a small program that uses the library, run it, and return why that fails, or ""."""
    source, made = place / "program.c", place / "program.exe"
    source.write_text(entry.program)
    libc = ("--libc", goal.libc, "--no-sysroot") if goal.libc else ()
    words = (*XXPY, "exec", "--platform", goal.platform, *libc, "--", "sh", "-c", _COMPILE, "sh")
    places = (f"-I{folder / 'include'}", f"-L{folder / 'lib'}")
    link = [word.replace("{output}", str(folder)) for word in entry.link]
    done = subprocess.run(
        (*words, str(source), "-o", str(made), *places, *link),
        cwd=place,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        wrong = _WRONG.search(done.stderr)
        line = wrong[0] if wrong else first_line(done.stderr)
        return f"a program that uses it cannot be built: {line}"
    return _run(entry, goal, (str(made),), folder, place)


def find(name: str, outputs: Sequence[Path]) -> Path | None:
    """Return the output with a name, with or without the ending of Windows.

    :param name: also several names, ``lua5.4|lua``
    """
    plain = tuple(name.split("|"))
    names = {*plain, *(f"{each}.exe" for each in plain)}
    ends = tuple(f"/{each}" for each in plain)
    found = [path for path in outputs if path.name in names or str(path).endswith(ends)]
    return found[0] if found else None


def _run(entry: Entry, goal: Goal, words: Sequence[str], folder: Path, place: Path) -> str:
    libraries = [
        str(folder / part) for part in ("lib", "lib64", "bin", ".") if (folder / part).is_dir()
    ]
    variables = {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join(libraries),
        "WINEPATH": ";".join(libraries),
        **wine.variables(goal),
    }
    command = (*XXPY, "run", "--platform", goal.platform, *words)
    try:
        done = subprocess.run(
            command,
            cwd=place,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"ran for more than {_SECONDS} s"
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    if done.returncode != entry.exit:
        return f"exits with {done.returncode}: {first_line(said)}"
    if entry.expect not in said:
        return f"says {first_line(said)!r}, not {entry.expect!r}"
    return ""


def configuration(goal: Goal, packages: Sequence[str]) -> str:
    """Return the ``xxpy.toml`` with the shared libraries that programs for a platform need.

    Debian also has musl's loader, for programs that use a shared library of their project.
    """
    if not goal.linux:
        return ""
    if goal.libc:
        packages = (goal.libc,)
    release = "trixie" if goal.platform == "linux/riscv64" else "bookworm"
    names = ", ".join(f'"{name}"' for name in packages or ("libc6-dev",))
    return (
        f'[platform."{goal.platform}".sysroot]\n'
        f'distribution = "debian:{release}"\npackages = [{names}]\nupdates = false\n'
    )
