"""What each command of a family does once its stage is on the build machine.

A stage moves only if every command is understood: by a row of the tool table, by a language's own
rules, or by the project's files.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import c, delegate, dotnet, go, rust
from xxpy.dockerfile.convert.by_row import BY_ROW
from xxpy.dockerfile.convert.family import COMPILE, NEUTRAL, PACKAGES, Entry, Verdict, trouble
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Stage, Step

_INTO: Final = re.compile(r"-\w*[oO]$|--output$|--output-document$")
_PYTHON: Final = re.compile(r"python[\d.]*")
_NO_FILE: Final = frozenset({"-c", "-m"})
"""Options of Python that name something else than a file."""
_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh"})
LANGUAGES: Final[dict[str, Callable[[Family, Stage, Step, Call], Verdict]]] = {
    "go": go.judge,
    "cargo": rust.judge,
    "cc": c.judge_compiler,
    "cxx": c.judge_compiler,
    "cmake": c.judge_cmake,
    "configure": c.judge_configure,
    "meson": c.judge_meson,
    "strip": c.judge_plain,
    "pkg-config": c.judge_plain,
    "configured": c.judge_configured,
    "make": delegate.judge_make,
    "dotnet": dotnet.judge,
}

NAMED: Final = {"go": go.judge, "cargo": rust.judge, "dotnet": dotnet.judge}
"""Commands whose every verb has rules of its language."""


def entries(family: Family) -> list[Entry]:
    """Return the commands of a family with what each means."""
    family.forget()
    for stage, step, call in family.calls():
        family.add(Entry(stage, step, call, verdict(family, stage, step, call)))
    return family.entries


def verdict(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command does."""
    found = _verdict(family, stage, step, call)
    if found.kind != COMPILE:
        return found
    native = next(
        (word for word in [*call.arguments, *_flags(call)] if matches(word, family.tools.native)),
        None,
    )
    if native is None or call.told(native):
        return found
    return trouble(f"{native} is for one machine", "leave it out, or choose it by TARGETARCH")


def _verdict(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    name = call.name
    if not name:
        return Verdict(NEUTRAL)
    if "$" in name or "`" in name:
        return trouble("only the build shows which command this is", "write its name", known=False)
    found = _special(family, stage, step, call) or _by_name(family, call)
    if found is None and name in NAMED:
        found = NAMED[name](family, stage, step, call)
    return found or _by_tool(family, stage, step, call)


def _by_name(family: Family, call: Call) -> Verdict | None:
    """Return what a command does that needs no rules of a language."""
    if call.name.startswith("xx-"):
        return _ours(call)
    if family.tools.manager_of(call.command):
        return Verdict(PACKAGES)
    if _is_installed(family, call):
        why = f"{call.name} runs here, which would be a program of the target"
        return trouble(why, "install it in a stage of its own for the image", known=False)
    row = family.tools.meaning(call.name, call.arguments)
    return None if row is None else BY_ROW[row.does](family, call, row)


def _is_installed(family: Family, call: Call) -> bool:
    """Whether a tool runs that ``go install`` or ``cargo install`` makes for the image."""
    return call.name in family.installed


def _by_tool(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a compiler or a build system does, or a program of the project."""
    tool = family.tools.of(call.named)
    if tool is None and _is_installer(family, stage, call, call.program):
        return Verdict(NEUTRAL)
    if tool is None:
        return delegate.judge_program(family, stage, step, call)
    if tool.how in LANGUAGES:
        return LANGUAGES[tool.how](family, stage, step, call)
    if tool.how == "done":
        return Verdict(COMPILE, "done", told=True)
    return trouble(tool.why) if tool.why else Verdict(NEUTRAL)


def _flags(call: Call) -> list[str]:
    """Return the words of the variables that compilers read."""
    values = (
        call.value(name)
        for name in ("CFLAGS", "CXXFLAGS", "RUSTFLAGS", "CGO_CFLAGS", "CGO_CXXFLAGS")
    )
    return [
        word
        for value in values
        if value is not None and value.text and not value.told
        for word in value.text.split()
    ]


def _special(family: Family, stage: Stage, step: Step, call: Call) -> Verdict | None:
    """Return what shells and ``.`` do."""
    name, arguments = call.name, call.arguments
    first = next((word for word in arguments if not word.startswith("-")), "")
    if name in {".", "source"}:
        known = (
            matches(first, family.tools.sourced) or call.told(first) or first in call.state.files
        )
        return (
            Verdict(NEUTRAL) if known else delegate.judge_script(family, stage, step, call, first)
        )
    if name not in _SHELLS:
        return _by_python(family, stage, call, first)
    if any(re.fullmatch(r"-\w*c", word) for word in arguments):
        return Verdict(NEUTRAL)
    if first and "-s" not in arguments:
        if _is_installer(family, stage, call, first):
            return Verdict(NEUTRAL)
        return delegate.judge_script(family, stage, step, call, first)
    return _piped(family, call)


def _by_python(family: Family, stage: Stage, call: Call, first: str) -> Verdict | None:
    """Return what Python does with a script that is known to install tools, else None."""
    if not _PYTHON.fullmatch(call.name) or _NO_FILE & {*call.arguments}:
        return None
    piped = first in {"", "-"}
    if (piped and _reads_installer(family, call)) or _is_installer(family, stage, call, first):
        return Verdict(NEUTRAL)
    return None


def _is_installer(family: Family, stage: Stage, call: Call, path: str) -> bool:
    """Whether a script was downloaded whose address is known to install tools."""
    whole = posixpath.normpath(posixpath.join(call.state.directory or "/", path))
    if stage.number not in family.installers:
        family.installers[stage.number] = frozenset(_installers(family, stage))
    return whole in family.installers[stage.number]


def _installers(family: Family, stage: Stage) -> Iterator[str]:
    """Yield the paths of the scripts that a stage downloads to install tools."""
    known = family.tools.installers
    for done in family.courses[stage.number]:
        for call in done.calls:
            arguments = call.arguments
            if any(matches(word, known) for word in arguments):
                into = (b for a, b in pairwise(arguments) if _INTO.match(a))
                for name in (*call.outputs, *into):
                    yield posixpath.normpath(posixpath.join(call.state.directory or "/", name))
    for parent in stage.ancestors():
        for copied in parent.copying:
            words = copied.instruction.words
            if matches(words[0], known):
                yield posixpath.normpath(posixpath.join(copied.directory, words[-1]))


def _reads_installer(family: Family, call: Call) -> bool:
    """Whether a pipe brings a script whose address is known to install tools."""
    words = call.before.words if call.before is not None else ()
    return any(matches(word.text, family.tools.installers) for word in words)


def _piped(family: Family, call: Call) -> Verdict:
    """Return what a shell does that reads its script from a pipe."""
    words = call.before.words if call.before is not None else ()
    if _reads_installer(family, call):
        return Verdict(NEUTRAL)
    if words and words[0].text.rpartition("/")[2] in family.tools.system.downloaders:
        return trouble(
            "it runs a script of the network",
            "install what it installs by a package, or by a download of TARGETARCH",
            known=False,
        )
    why = "what this shell reads is not known"
    return trouble(why, "write the commands in the RUN instruction", known=False)


def _ours(call: Call) -> Verdict:
    compiling = {"xx-go", "xx-cargo", "xx-cc", "xx-c++", "xx-clang", "xx-clang++"}
    plain = any(word.startswith("--") and "wrap" not in word for word in call.arguments[:1])
    if call.name not in compiling or plain:
        return Verdict(NEUTRAL)
    place = [n for n, word in enumerate(call.arguments) if word == "-o"]
    outputs = tuple(call.arguments[n + 1] for n in place if n + 1 < len(call.arguments))
    return Verdict(COMPILE, "done", told=True, outputs=outputs)
