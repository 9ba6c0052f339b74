"""Cargo that make or a script of the project calls: variables of its environment name the target.

Only Rust can be told that way. Crates that compile C need more, and ``xx-cargo`` in their place.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import rust_target
from xxpy.dockerfile.convert.family import COMPILE, Verdict, trouble
from xxpy.dockerfile.convert.placing import prefix
from xxpy.dockerfile.project import find
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.convert.inner import Inner
    from xxpy.dockerfile.convert.run import Run

HOWS: Final = frozenset({"cargo", "cargo-make"})
_RUNNING: Final = frozenset({"test", "t", "run", "r", "bench", "nextest"})
_RESULT: Final = re.compile(r"(^|[/\"'=])target/(release|debug)\b")
_SET_UP: Final = "xx-cargo --setup-target-triple && "
_VARIABLES: Final = f'CARGO_BUILD_TARGET={rust_target.RUST_TARGET} RUSTFLAGS="-C linker=xx-clang" '


def judge(run: Run, plain: list[tuple[Inner, Verdict]], outputs: tuple[str, ...]) -> Verdict:
    """Return whether variables tell every cargo of a run of make, or of a script, the target."""
    fix = "call cargo in the Dockerfile"
    if run.call.exec_form or run.call.started:
        return trouble("no variable can be put in front of this command", fix)
    for inner, verdict in plain:
        call = inner.call
        why = ""
        if call.name == "cargo" and verb_of(call.arguments) in _RUNNING:
            why = "runs programs that it compiles, which would be the target's"
        elif any(_RESULT.search(word) for word in call.arguments):
            why = "takes the result from where it is for the build machine alone"
        elif call.name == "cargo" and _has_flags(run, call):
            why = "has flags of its own for the compiler, which would name the linker too"
        elif call.name == "cargo" and _is_elsewhere(call):
            why = "puts its results elsewhere than into the target folder"
        elif verdict.how == "cargo":
            compiling = rust_target.compiles_c(run.family, run.stage, run.step, call)
            why = f"needs more than a variable: {compiling}" if compiling else ""
        if why:
            return trouble(f"{inner.where}: {call.name} {why}", fix)
    return Verdict(COMPILE, "cargo-make", outputs=outputs)


def _has_flags(run: Run, call: Call) -> bool:
    """Whether RUSTFLAGS would replace flags that the project gives the compiler."""
    if call.value("RUSTFLAGS") is not None:
        return True
    folder = call.state.directory or "/"
    paths = (posixpath.join(folder, name) for name in rust_target.SETTINGS)
    places = (find(run.family.project, run.stage, run.step, path) for path in paths)
    texts = (run.family.project.text(place) for place in places if place)
    return any("rustflags" in text or "linker" in text for text in texts if text)


def _is_elsewhere(call: Call) -> bool:
    """Whether results are not in a folder of a known name."""
    options = ("--target-dir", "--profile")
    return call.value("CARGO_TARGET_DIR") is not None or any(
        word.startswith(options) for word in call.arguments
    )


def rewrite(family: Family, entry: Entry) -> None:
    """Put the variables in front of a run of make, or of a script."""
    family.needs(entry.stage, entry.step)
    command, place = entry.call.command, entry.step.place
    start = prefix(entry.step, command)
    if start == command.start:
        family.edits.replace(place, start, start, _SET_UP + _VARIABLES)
    else:
        family.edits.replace(place, command.start, command.start, _SET_UP)
        family.edits.replace(place, start, start, _VARIABLES)
