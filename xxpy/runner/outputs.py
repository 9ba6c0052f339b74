"""The results of a build: verify each file, and name it as its role requires.

===============  =====================================  ====================================
role             examples                               name
===============  =====================================  ====================================
program          what the system starts                 gets the system's suffix of programs
shared library   what programs load                     gets a suffix if it has none
archive          objects for linkers, import libraries  unchanged
debug file       PDB, dSYM, ELF files of debug data     unchanged
header           declarations for compilers             unchanged
other            manuals, licences                      unchanged
===============  =====================================  ====================================
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xxpy.binary import archive, debug, inspect, is_binary
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check, weigh
from xxpy.errors import BuildError, VerificationError
from xxpy.runner.roles import ARCHIVES, Role, role, role_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.binary.description import Description
    from xxpy.runner.plan import Step
    from xxpy.table.columns import Row
    from xxpy.table.model import Table

_TRIALS: Final = frozenset({"CMakeFiles", "meson-private"})
"""The folders in which build tools try the compiler."""

_CARGO: Final = ".cargo-lock"
"""The file that cargo has in the folder for a profile, in which its results are."""

_STARTED: Final = frozenset({"console", "graphical"})
"""The subsystems whose programs Windows starts by their suffix; drivers and EFI have others."""


_ONLY: Final = (
    "it installs only headers, which need no compiler: take them from the project's source, "
    "or turn on the option that builds its library"
)
"""What to do about a build that installs no binaries but headers."""
_NAMED: Final = {
    "elf": "link it by its name (-L FOLDER -lNAME), or give it one: -Wl,-soname,{name}",
    "macho": "give the library a name without a folder of this machine: "
    "-Wl,-install_name,@rpath/{name}",
}
"""What to do about a library that programs load by its path, by the format of binaries."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was built.

    :param path: its place in the output folder
    :param size: bytes
    :param linkage: ``static``, ``static-pie``, ``dynamic``, or "" if it does not apply
    :param verified: whether it is a binary that was verified; headers and manuals are not
    :param role: what it is for
    """

    path: Path
    size: int
    linkage: str
    verified: bool = True
    role: Role = Role.OTHER


@dataclass(frozen=True, slots=True)
class Judge:
    """Verifies the files that a step has made.

    :param requirements: the requirements for its binaries besides the platform
    :param log: the file that gets the reasons of failures
    :param own: the folders of the build, which no other machine has
    """

    step: Step
    table: Table
    requirements: Requirements
    log: Path
    own: tuple[Path, ...]

    def settle(self, stage: Path, fresh: Path, final: Path) -> tuple[Output, ...]:
        """Verify everything in a stage, and move it to *fresh* under its final names.

        :param final: the folder of the platform, to which *fresh* is moved afterwards
        :raises BuildError: there is no file, or an install step left no program and no library
        :raises VerificationError: a file is not a binary for the platform, or does not meet the
            requirements
        """
        built = sorted(path for path in stage.rglob("*") if path.is_file() or path.is_symlink())
        if not built:
            raise BuildError("the build left no file", self.step.nothing)
        found = {path: self._verified(path) for path in built}
        if self.step.installed and not any(output.verified for output in found.values()):
            headers = any(output.role is Role.HEADER for output in found.values())
            raise BuildError("the build left no program and no library", _ONLY * headers)
        names = _names(found, self.table.row(self.step.platform))
        outputs = []
        for path, output in found.items():
            name = path.relative_to(stage).with_name(names[path])
            place = fresh / name
            link = path.is_symlink()
            if link:
                _point(path, names)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            outputs += [] if link else [replace(output, path=final / name)]
        return tuple(outputs)

    def _verified(self, path: Path) -> Output:
        """Verify a file and describe it; files that need not be binaries are only described."""
        size = path.stat().st_size if path.exists() else 0
        if path.is_symlink() or debug.is_database(path) or not _is_checked(self.step, path):
            return Output(path, size, "", verified=False, role=role(path))
        row = self.table.row(self.step.platform)
        reasons: tuple[str, ...]
        try:
            described = inspect(path)
            reasons = weigh(described, row, self.table, self.requirements)
        except VerificationError as error:
            described, reasons = (), (error.message,)
        if not reasons:
            self._movable(path, described)
            return Output(path, size, described[0].linkage, role=role_of(path, described))
        with self.log.open("a", encoding="utf-8") as file:
            file.writelines(f"{path.name}: {reason}\n" for reason in reasons)
        foreign = check(path, row, self.table, Requirements(go_level=False))
        what = "is not a binary for" if foreign else "does not meet the requirements for"
        message = f"{path.name} {what} {self.step.platform}: {reasons[0].removeprefix(f'{path}: ')}"
        raise VerificationError(message, _why_foreign(self.step) if foreign else "")

    def _movable(self, path: Path, described: tuple[Description, ...]) -> None:
        """Check that a file loads no library by a path that only this machine has.

        :raises VerificationError: it names a library by its path in a folder of the build
        """
        for library in (library for one in described for library in one.needed):
            if any(Path(library).is_relative_to(folder) for folder in self.own):
                raise VerificationError(
                    f"{path.name} starts only on this machine: it loads {library}",
                    _NAMED.get(described[0].format, "").format(name=Path(library).name),
                )


def _names(found: Mapping[Path, Output], row: Row) -> dict[Path, str]:
    """Return the final name of each file; a file keeps its own if another has that name already."""
    names = {path: _name(path, output, row) for path, output in found.items()}
    return {
        path: path.name if path.with_name(name) in found else name for path, name in names.items()
    }


def _point(link: Path, names: Mapping[Path, str]) -> None:
    """Change a link so that it points to the final name of its target."""
    target = Path(os.path.normpath(link.parent / link.readlink()))
    name = names.get(target)
    if name is not None and name != target.name:
        text = link.readlink().with_name(name)
        link.unlink()
        link.symlink_to(text)


def _is_checked(step: Step, path: Path) -> bool:
    """Return whether a file must be a binary for the platform.

    It must be if it begins like a binary. Without an install step, which may install scripts, every
    executable file must be one too.
    """
    return is_binary(path) or (not step.installed and os.access(path, os.X_OK))


def _why_foreign(step: Step) -> str:
    """Return the hint for an install step that leaves a binary of another platform."""
    if not step.installed:
        return ""
    return (
        "the project's build does not use the compiler that xxpy gives it: look for cc or gcc in "
        "its log, and check that it respects CC and --host"
    )


def _name(path: Path, output: Output, row: Row) -> str:
    """Return the name of a file on the platform; a link's role is that of its target."""
    kind = role(path.resolve()) if path.is_symlink() else output.role
    suffix = row.file.program_suffix
    if (
        kind is Role.PROGRAM
        and suffix
        and not path.name.lower().endswith(suffix)
        and _is_started(path)
    ):
        return f"{path.name}{suffix}"
    if kind is Role.LIBRARY and not path.suffix:
        return f"{path.name}{row.file.library_suffix}"
    return path.name


def _is_started(path: Path) -> bool:
    """Return whether people start a program by its name."""
    return inspect(path)[0].subsystem in {None, *_STARTED}


def take(path: Path, stage: Path) -> None:
    """Copy a file, or a folder such as ``prog.dSYM``, into a stage."""
    if path.is_dir():
        shutil.copytree(path, stage / path.name, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copy2(path, stage / path.name)


def move_up(inner: Path, stage: Path) -> None:
    """Move the content of *inner* to the top of the stage, and remove folders that become empty."""
    if not inner.is_dir():
        return
    aside = stage.with_name(f"{stage.name}.inner")
    inner.rename(aside)
    with suppress(OSError):
        inner.parent.rmdir()
        inner.parent.parent.rmdir()
    shutil.copytree(aside, stage, symlinks=True, dirs_exist_ok=True, copy_function=_rename)
    shutil.rmtree(aside)


def _rename(source: str, place: str) -> str:
    """Move a file; a copy function for copytree."""
    Path(source).replace(place)
    return place


def listing(folder: Path) -> frozenset[Path]:
    """Return the files below a folder."""
    return frozenset(path for path in folder.rglob("*") if path.is_file())


def collect(folder: Path, stage: Path, globs: tuple[str, ...], before: frozenset[Path]) -> None:
    """Copy the results of a build without an install step into the stage, side by side.

    Of two different files with the same name, the second keeps its folders.

    :param globs: patterns of the results; ``*`` means every new program, library and debug file
    :param before: the files that existed before the build
    """
    for glob in globs:
        for path in sorted(folder.rglob("*") if glob == "*" else folder.glob(glob)):
            if glob == "*" and (
                path in before
                or not path.is_file()
                or path.is_symlink()
                or not _is_result(path, folder)
            ):
                continue
            if path.is_file():
                place = stage / path.name
                if place.exists() and place.read_bytes() != path.read_bytes():
                    place = stage / path.relative_to(folder)
                    place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place)


def _is_result(path: Path, folder: Path) -> bool:
    """Return whether a file is a result: a program, a library or a debug file.

    Object files, thin and empty archives, the trials of build tools and what cargo keeps below its
    folder for a profile are not.
    """
    if _TRIALS & set(path.relative_to(folder).parts) or archive.is_thin(path):
        return False
    above = path.parent
    while above != folder and above.is_relative_to(folder):
        above = above.parent
        if (above / _CARGO).exists():
            return False
    try:
        if path.suffix in ARCHIVES and is_binary(path):
            return not archive.is_empty(path)
        return debug.is_database(path) or (is_binary(path) and inspect(path)[0].kind != "object")
    except VerificationError:
        return False
