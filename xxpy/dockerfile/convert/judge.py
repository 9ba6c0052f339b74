"""What each command of a family does once its stage is on the build machine: the principle of every conversion.

A stage moves only if every command is understood: by a row of the tool table, by a language's own rules, or by the project's files.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import c, delegate, go, rust
from xxpy.dockerfile.convert.family import (
    COMPILE,
    NEUTRAL,
    PACKAGES,
    PORTABLE,
    TROUBLE,
    Entry,
    Verdict,
)
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.evaluate import Call
    from xxpy.dockerfile.stages import Stage, Step

_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_PYTHON: Final = frozenset(
    {"site-packages", "dist-packages", "venv", ".venv", "wheels", "wheelhouse", "install", ".local"}
)
"""Folders of what pip installs."""

_ASKS: Final = "it asks what machine it runs on, which would be the build machine"
_ASKS_FIX: Final = "take the target from ARG TARGETARCH, or do it in a stage of its own"

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
}

NAMED: Final = {"go": go.judge, "cargo": rust.judge}
"""Commands whose every verb has rules of its language."""


def entries(family: Family) -> list[Entry]:
    """Return the commands of a family with what each means."""
    found: list[Entry] = []
    for stage, step, call in family.calls():
        family.entries = found
        found.append(Entry(stage, step, call, verdict(family, stage, step, call)))
    return found


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
    return Verdict(
        TROUBLE, why=f"{native} is for one machine", fix="leave it out, or choose it by TARGETARCH"
    )


def _verdict(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    name, arguments = call.name, call.arguments
    if not name:
        return Verdict(NEUTRAL)
    if "$" in name or "`" in name:
        return Verdict(
            TROUBLE,
            why="only the build shows which command this is",
            fix="write its name",
            known=False,
        )
    special = _special(family, stage, step, call)
    if special is not None:
        return special
    if name.startswith("xx-"):
        return _ours(call)
    if family.tools.manager_of(call.command):
        return Verdict(PACKAGES)
    row = family.tools.meaning(name, arguments)
    if row is not None:
        return _by_row(family, call, row.does, row.why, row.fix)
    if name in NAMED:
        return NAMED[name](family, stage, step, call)
    tool = family.tools.of(call.command)
    if tool is not None and tool.how in LANGUAGES:
        return LANGUAGES[tool.how](family, stage, step, call)
    if tool is not None and tool.how == "done":
        return Verdict(COMPILE, "done", told=True)
    if tool is not None and tool.why:
        return Verdict(TROUBLE, why=tool.why)
    if tool is not None:
        return Verdict(NEUTRAL)
    return delegate.judge_program(family, stage, step, call)


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
    if name in {".", "source"}:
        if arguments and matches(arguments[0], family.tools.sourced):
            return Verdict(NEUTRAL)
        if arguments and (
            call.told(arguments[0]) or any(path == arguments[0] for path in call.state.files)
        ):
            return Verdict(NEUTRAL)
        return delegate.judge_script(family, stage, step, call, arguments[0] if arguments else "")
    if name not in _SHELLS:
        return None
    words = [word for word in arguments if not word.startswith("-")]
    if any(
        word.startswith("-") and not word.startswith("--") and word.endswith("c")
        for word in arguments
    ):
        return Verdict(NEUTRAL)
    if words and "-s" not in arguments:
        return delegate.judge_script(family, stage, step, call, words[0])
    if call.before is not None and any(
        matches(word.text, family.tools.installers) for word in call.before.words
    ):
        return Verdict(NEUTRAL)
    if call.before is not None and call.before.name in {"curl", "wget", "fetch"}:
        return Verdict(
            TROUBLE,
            why="it runs a script of the network",
            fix="install what it installs by a package, or by a download of TARGETARCH",
            known=False,
        )
    return Verdict(
        TROUBLE,
        why="what this shell reads is not known",
        fix="write the commands in the RUN instruction",
        known=False,
    )


def _ours(call: Call) -> Verdict:
    compiling = {"xx-go", "xx-cargo", "xx-cc", "xx-c++", "xx-clang", "xx-clang++"}
    plain = any(word.startswith("--") and "wrap" not in word for word in call.arguments[:1])
    if call.name not in compiling or plain:
        return Verdict(NEUTRAL)
    place = [n for n, word in enumerate(call.arguments) if word == "-o"]
    outputs = tuple(call.arguments[n + 1] for n in place if n + 1 < len(call.arguments))
    return Verdict(COMPILE, "done", told=True, outputs=outputs)


def _by_row(family: Family, call: Call, does: str, why: str, fix: str) -> Verdict:
    if does == "asks":
        inherited = call.value("GOARCH")
        if (call.name == "go" and inherited is not None and inherited.told) or _is_unused(
            family, call
        ):
            return Verdict(NEUTRAL)
        return Verdict(TROUBLE, why=_ASKS, fix=_ASKS_FIX, known=False)
    if does == "refused":
        return Verdict(TROUBLE, why=why, fix=fix)
    if does == "tools":
        product = (
            any(_PYTHON & set(path.split("/")) for path in family.taken)
            or "python" in family.root.base
        )
        return Verdict(TROUBLE, why=why, fix=fix) if product else Verdict(NEUTRAL)
    if does == "packages":
        return Verdict(
            TROUBLE,
            why=f"how packages are installed in {family.root.base} is not known",
            known=False,
        )
    if does == "portable":
        return _portable(family, call, why, fix)
    return Verdict(NEUTRAL)


def _written(family: Family) -> Iterator[str]:
    """Yield the files that ``-o`` names anywhere in the family."""
    for _, _, call in family.calls():
        words = call.arguments
        for place, word in enumerate(words[:-1]):
            if word == "-o":
                yield posixpath.normpath(
                    posixpath.join(call.state.directory or "/", words[place + 1])
                )


def _is_unused(family: Family, call: Call) -> bool:
    """Whether the answer goes into a variable that nothing uses."""
    if not call.captured:
        return False
    text = next(
        (
            done.step.instruction.flat
            for stage in family.stages
            for done in family.courses[stage.number]
            if call in done.calls
        ),
        "",
    )
    assigned = re.search(
        r"(?:^|[\s;&(])([A-Za-z_]\w*)=\"?(?:\$\(|`)\s*$", text[: call.command.start]
    )
    return assigned is not None and not re.search(
        rf"\$\{{?{assigned[1]}\b|export[^;&]*\b{assigned[1]}\b", text
    )


def _portable(family: Family, call: Call, why: str, fix: str) -> Verdict:
    """Return what a tool for portable files does: what is taken must be a part of what it makes, without its packages."""
    if not why:
        return Verdict(PORTABLE)
    if any(call.told(word) for word in call.arguments):
        return Verdict(
            TROUBLE,
            "portable",
            why=f"{call.name} is told the target, so that what it makes is for one",
            fix="build that in a stage of its own",
        )
    here = call.state.directory or "/"
    made = set(_written(family))
    for path in family.taken:
        if path in made:
            continue
        parts = path.split("/")
        if (
            "node_modules" in parts
            or "site-packages" in parts
            or path == here
            or here.startswith(path.rstrip("/") + "/")
        ):
            return Verdict(TROUBLE, "portable", why=why, fix=fix)
        if len(parts) <= 2 and not posixpath.splitext(path)[1]:  # noqa: PLR2004 - a folder or a program of the root
            return Verdict(TROUBLE, "portable", why=why, fix=fix)
    return Verdict(PORTABLE)
