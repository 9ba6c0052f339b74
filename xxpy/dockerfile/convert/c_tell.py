"""Tell compilers and build systems of C the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.c import CROSS_FILE, OBJECTS, TOOLCHAIN, TOOLS, TRIPLE
from xxpy.dockerfile.convert.placing import prefix
from xxpy.dockerfile.convert.results import verify_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from xxpy.dockerfile.convert.family import Entry, Family


def _compiler(name: str) -> Callable[[Family, Entry], None]:
    def change(family: Family, entry: Entry) -> None:
        family.needs(entry.stage, entry.step)
        word, command = entry.call.command.words[0], entry.call.command
        family.edits.replace(entry.step.place, word.start, word.end, name)
        if not any(argument.text in OBJECTS for argument in command.arguments):
            verify_here(
                family,
                entry,
                static=any(argument.text == "-static" for argument in command.arguments),
            )

    return change


def _cmake(family: Family, entry: Entry) -> None:
    family.needs(entry.stage, entry.step)
    name, instruction = entry.call.command.words[0], entry.step.instruction
    more = "\\" if instruction.heredocs else instruction.escape
    system = (
        "-DCMAKE_SYSTEM_NAME=$(xx-info cmake-system)"
        f" -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) {more}\n      "
    )
    family.edits.replace(
        entry.step.place,
        name.end,
        name.end + 1,
        f" $(xx-clang --print-cmake-defines) {more}\n      {system}",
    )


def _configure(family: Family, entry: Entry) -> None:
    family.needs(entry.stage, entry.step)
    name = entry.call.command.words[0]
    family.edits.replace(
        entry.step.place, name.end, name.end, f" --host={TRIPLE} CC=xx-clang CXX=xx-clang++"
    )


def _meson(family: Family, entry: Entry) -> None:
    family.needs(entry.stage, entry.step)
    verb = next(
        (word for word in entry.call.command.arguments if word.text == "setup"),
        entry.call.command.words[0],
    )
    family.edits.replace(entry.step.place, verb.end, verb.end, f" --cross-file {CROSS_FILE}")
    family.move.cross_files.append(entry.step)


def _named(suffix: str) -> Callable[[Family, Entry], None]:
    def change(family: Family, entry: Entry) -> None:
        family.needs(entry.stage, entry.step)
        word = entry.call.command.words[0]
        family.edits.replace(entry.step.place, word.start, word.end, f"{TRIPLE}-{suffix}")

    return change


def _make(family: Family, entry: Entry) -> None:
    family.needs(entry.stage, entry.step)
    _note_toolchain(family, entry)
    name = entry.call.command.words[0]
    family.edits.replace(entry.step.place, name.end, name.end, f" {_variables(entry)}")


def _script(family: Family, entry: Entry) -> None:
    family.needs(entry.stage, entry.step)
    _note_toolchain(family, entry)
    start = prefix(entry.step, entry.call.command)
    family.edits.replace(entry.step.place, start, start, f"{_variables(entry)} ")


def _note_toolchain(family: Family, entry: Entry) -> None:
    if TOOLCHAIN in entry.verdict.names:
        family.move.toolchains.append(entry)


def _variables(entry: Entry) -> str:
    return " ".join(f"{name}={TOOLS[name]}" for name in entry.verdict.names)


REWRITE: Final[dict[str, Callable[[Family, Entry], None]]] = {
    "cc": _compiler("xx-clang"),
    "cxx": _compiler("xx-clang++"),
    "cmake": _cmake,
    "configure": _configure,
    "meson": _meson,
    "strip": _named("strip"),
    "pkg-config": _named("pkg-config"),
    "make-c": _make,
    "script-c": _script,
}
"""The change that each conversion makes to a command."""
