"""Share packages out: what the build machine needs, and what is linked and so the target's."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import c, rust, rust_target
from xxpy.dockerfile.convert.go_tell import family_uses_c
from xxpy.dockerfile.convert.installed import named

if TYPE_CHECKING:
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.tools import Manager

_COMPILER: Final = ("clang", "lld", "llvm")
_ESSENTIAL: Final = ("xx-c-essentials", "xx-cxx-essentials")
_BOTH: Final = frozenset({"cxx", "cmake", "configure", "meson", "make-c", "script-c"})
"""Conversions that may compile C++."""

_MOVABLE: Final = frozenset(
    {"ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "VOLUME", "WORKDIR"}
)
"""What a step that installs packages may be put above of."""

_ROOT: Final = frozenset({"root", "0", "root:root", "0:0"})


def needs_commands(family: Family) -> bool:
    """Whether the ``xx-*`` commands are needed: for C and Rust."""
    return bool(family.of("cargo", "cargo-make", *c.KINDS)) or family_uses_c(family)


def share(family: Family) -> None:
    """Share the installed packages out between the build machine and the target."""
    installed: set[str] = set()
    wanted: list[str] = []
    target: list[str] = []
    tests = any(
        entry.verdict.kind == "neutral" and "test" in entry.call.arguments[:1]
        for entry in family.entries
    )
    for entry in family.entries:
        if not family.tools.manager_of(entry.call.command):
            continue
        for package, _ in named(family, entry):
            installed.add(package)
            row = family.tools.package(package)
            if row is None:
                continue
            target += [shlex.quote(package) if name == "=" else name for name in row.target]
            wanted += [name for name in row.build if name != "="]
        if not tests:
            _take(family, entry)
    family.move.build_packages = [
        name for name in dict.fromkeys((*_COMPILER, *wanted)) if name not in installed
    ]
    target += rust.libraries(family)
    if rust_target.libc(family):
        # Rust brings all that is linked.
        family.move.target_packages = []
        return
    essentials = list(_ESSENTIAL if family.of(*_BOTH) or _has_cxx(family) else _ESSENTIAL[:1])
    family.move.target_packages = list(dict.fromkeys([*essentials, *target]))


def _has_cxx(family: Family) -> bool:
    """Whether the image brings a compiler of C++ that cgo or a build script may call."""
    base = family.root.base.rpartition("/")[2]
    return base.startswith(("gcc", "golang", "rust", "buildpack-deps")) and not any(
        word in base for word in ("slim", "alpine")
    )


def _take(family: Family, entry: Entry) -> None:
    """Take the packages that are the target's alone out of a command that installs.

    The last one stays where a comment is right in front of it: with nothing behind it the comment
    would take the next instruction into this one. For the build machine it does no harm.
    """
    source, step, command = entry.step.instruction.source, entry.step, entry.call.command
    words = list(command.words)
    packages = [word for _, word in named(family, entry)]
    rows = [(word, family.tools.package(word.text)) for word in packages if word is not None]
    gone = [word for word, row in rows if row is not None and not row.build]
    for word in gone:
        start, end = words[words.index(word) - 1].end, word.start
        commented = "#" in source[start:end]
        if (commented and word.end == command.end) or (
            len(gone) == len(packages) and word is gone[-1]
        ):
            continue
        family.edits.replace(step.place, word.start if commented else start, word.end, "")


def install(family: Family) -> None:
    """Install the build machine's compiler and the target's libraries before their first use."""
    manager = family.manager
    if manager is None:
        return
    if family.move.build_packages:
        _install_tools(family, manager)


def _install_tools(family: Family, manager: Manager) -> None:
    """Install what the build machine needs, in a step that installs already or a new one."""
    first = min((step.place for step in family.move.aware.values()), default=0)
    needing = [stage for stage in family.stages if stage.number in family.move.aware]
    text = " ".join(family.move.build_packages)
    for entry in family.entries:
        if (
            not family.tools.manager_of(entry.call.command)
            or entry.step.place >= first
            or entry.call.state.told
        ):
            continue
        if (
            all(entry.stage in stage.ancestors() for stage in needing)
            and entry.call.command.tail >= 0
        ):
            end = entry.call.command.end
            family.edits.replace(entry.step.place, end, end, f" {text}")
            return
    family.edits.insert_below(family.root.place, f"RUN {manager.build} {text}")


def place(stage: Stage, step: Step) -> int:
    """Return the place above which the target's packages are installed.

    Above the sources that *step* needs, below every other step; but where a user without rights is
    set in the stage, above that.
    """
    found = step.place
    for earlier in reversed([other for other in stage.steps if other.place < step.place]):
        if earlier.instruction.keyword not in _MOVABLE:
            break
        found = earlier.place
    users = [
        other
        for other in stage.steps
        if other.instruction.keyword == "USER" and other.place < step.place
    ]
    if users and not _is_root(users[-1]) and user(stage, users[-1].place) is None:
        found = min(found, users[-1].place)
    return found


def user(stage: Stage, before: int) -> str | None:
    """Return the user without rights that a place of a stage runs as, or None."""
    for parent in stage.ancestors():
        for step in reversed(parent.steps):
            if step.instruction.keyword == "USER" and (parent is not stage or step.place < before):
                return None if _is_root(step) else step.instruction.words[0]
    return None


def _is_root(step: Step) -> bool:
    return step.instruction.words[0] in _ROOT
