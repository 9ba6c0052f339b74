"""Go: what its verbs do, and how they are told the target."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import COMPILE, NEUTRAL, TROUBLE, WITH_COMMANDS, Verdict
from xxpy.dockerfile.convert.results import verify_here
from xxpy.dockerfile.project import find
from xxpy.dockerfile.stages import TARGET_FILE
from xxpy.dockerfile.tools import verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.evaluate import Call
    from xxpy.dockerfile.shell import Command, Word
    from xxpy.dockerfile.stages import Stage, Step

NAMES: Final = ("GOOS", "GOARCH", "GOARM", "GOAMD64", "GO386", "GOARM64", "GOMIPS", "GOMIPS64")
_VALUED: Final = ("-C",)
_WITH_VALUE: Final = frozenset(
    {
        "-o",
        "-C",
        "-p",
        "-asmflags",
        "-buildmode",
        "-compiler",
        "-gcflags",
        "-ldflags",
        "-mod",
        "-modfile",
        "-overlay",
        "-pkgdir",
        "-tags",
        "-exec",
    }
)
_VERSION: Final = re.compile(r"/v\d+$")
_DIRECTIVE: Final = re.compile(r"^//go:generate\s+(.*)$", re.MULTILINE)


def judge(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a command of Go does."""
    arguments = call.arguments
    verb = verb_of(arguments, _VALUED)
    compiles = verb in {"build", "install"} or (verb == "test" and "-c" in arguments)
    told, fixed, trouble = _target(call)
    if not compiles:
        return _running(family, stage, step, call, verb, told=told)
    if trouble:
        return Verdict(TROUBLE, why=trouble, fix="take it from ARG TARGETARCH")
    outputs = tuple(_outputs(stage, call, verb, arguments))
    if verb == "test" and not any(family.takes(_whole(call, path)) for path in outputs):
        return Verdict(NEUTRAL)
    if fixed:
        return Verdict(NEUTRAL, outputs=outputs, fixed=fixed)
    if verb == "install" and _is_tool(family, arguments, outputs):
        if not told:
            return Verdict(NEUTRAL)
        if family.nested:
            return Verdict(
                TROUBLE,
                why="go install makes a tool of the build, which would be the target's",
                fix="install it in a step of its own",
            )
    if verb == "install" and any("@" in word for word in arguments) and not told:
        if _bin(stage, call) != posixpath.join(_path(stage, call), "bin"):
            return Verdict(
                TROUBLE,
                why="go install of a version cannot cross-compile into GOBIN",
                fix="leave GOBIN out, and copy from /go/bin",
            )
    if call.started and not told:
        return Verdict(
            TROUBLE,
            why="how go is told the target behind xargs or find is not known",
            fix="write a loop",
        )
    return Verdict(COMPILE, "go", told=told, outputs=outputs, c=_c(call))


def _is_tool(family: Family, arguments: list[str], outputs: tuple[str, ...]) -> bool:
    """Whether ``go install`` makes a tool for the build: it is not the project's, or runs later, and does not leave the stage."""
    packages = _positional(arguments)[1:]
    if any(family.takes(path) for path in outputs) or _shared(family, outputs):
        return False
    if any("@" in word for word in packages):
        return True
    called = {call.name for _, _, call in family.calls()}
    runs = bool(family.nested) or any(posixpath.basename(path) in called for path in outputs)
    return runs and bool(packages) and not any(word.startswith(".") for word in packages)


def _c(call: Call) -> bool | None:
    """Return whether C is compiled, where that is said."""
    value = call.value("CGO_ENABLED")
    if (value is not None and value.text == "1") or "-race" in call.arguments:
        return True
    return False if value is not None and value.text == "0" else None


def _target(call: Call) -> tuple[bool, str, str]:
    """Return whether the command is told the target, which platform it is told on purpose, and what is wrong with that."""
    arch, system = call.value("GOARCH"), call.value("GOOS")
    named = system.text if system is not None and not system.told and system.text else ""
    if arch is None or (arch.text == "" and not arch.told):
        return False, f"{named}" if named not in {"", "linux"} else "", ""
    if arch.told:
        return True, "", ""
    if arch.text is None:
        return False, "", "GOARCH has a value that only the build shows"
    if named not in {"", "linux"} or arch.text == "wasm":
        return False, f"{named}/{arch.text}", ""
    return False, "", ""


def _running(
    family: Family, stage: Stage, step: Step, call: Call, verb: str, *, told: bool
) -> Verdict:
    """Return what a verb does that runs programs: those of the project, its tests, its generators."""
    if verb in {"test", "run", "generate"} and told:
        return Verdict(
            TROUBLE,
            why=f"go {verb} is told the target too, whose programs do not run here",
            fix=f"run go {verb} before, without GOOS and GOARCH",
        )
    if verb == "test":
        return Verdict(NEUTRAL)
    if verb == "generate":
        return _generate(family, stage, step, call)
    if verb == "run":
        return _run(family, stage, step, call)
    return Verdict(NEUTRAL)


def _positional(words: list[str]) -> list[str]:
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in _WITH_VALUE:
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def _run(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    named = _positional(call.arguments)
    what = named[1] if len(named) > 1 else "."
    tool = _name(what)
    fix = "run it in a stage of its own and copy what it makes, or call go build"
    if not what.startswith(".") and not what.endswith(".go") and "/" in what:
        row = family.tools.meaning(tool, named[2:])
        if row is not None and row.does == "neutral":
            return Verdict(NEUTRAL)
        return Verdict(TROUBLE, why=f"what go run {what} does is not known", fix=fix)
    texts = _sources(
        family, stage, step, posixpath.normpath(posixpath.join(call.state.directory, what))
    )
    if texts is None:
        return Verdict(
            TROUBLE,
            why=f"what go run {what} does is not known: its source is not beside the Dockerfile",
            fix=fix,
        )
    for text in texts:
        found = re.search(
            r'"(os/exec|syscall|plugin|github\.com/magefile/[^"]*|[^"]*/(?:exec|sh|execx?))"|runtime\.GO(?:ARCH|OS)|\bGOARCH\b',
            text,
        )
        if found:
            return Verdict(
                TROUBLE,
                why=f"go run {what} starts other programs, or asks for the machine ({found[0]})",
                fix=fix,
            )
    return Verdict(NEUTRAL)


def _generate(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    named = _positional(call.arguments)[1:] or ["."]
    fix = "run it in a stage of its own, and copy what it makes"
    for word in named:
        texts = _sources(
            family,
            stage,
            step,
            posixpath.normpath(posixpath.join(call.state.directory, word.removesuffix("..."))),
            deep="..." in word,
        )
        if texts is None:
            return Verdict(
                TROUBLE,
                why="what go generate runs is not known: the sources are not beside the Dockerfile",
                fix=fix,
            )
        for text in texts:
            for directive in _DIRECTIVE.findall(text):
                words = directive.split()
                if words[:2] == ["go", "run"]:
                    words = [
                        _name(_positional(words[1:])[1] if len(_positional(words[1:])) > 1 else "")
                    ]
                if words and words[0] in {"go", "bash", "sh"}:
                    continue
                row = (
                    family.tools.meaning(posixpath.basename(words[0]), words[1:]) if words else None
                )
                if row is None or row.does != "neutral":
                    return Verdict(
                        TROUBLE,
                        why=f"go generate runs {directive[:60]}, which is not known",
                        fix=fix,
                    )
    return Verdict(NEUTRAL)


def _sources(
    family: Family, stage: Stage, step: Step, path: str, *, deep: bool = False
) -> list[str] | None:
    """Return the sources of Go at a path of the stage, or None where the project has none there."""
    place = find(family.project, stage, step, path)
    if place is None:
        return None
    if place.endswith(".go"):
        text = family.project.text(place)
        return None if text is None else [text]
    texts = []
    waiting = [place]
    while waiting and len(texts) < 2000:  # noqa: PLR2004 - enough for any project
        folder = waiting.pop()
        for name in family.project.folder(folder) or ():
            inner = posixpath.join(folder, name)
            if name.endswith(".go") and not name.endswith("_test.go"):
                texts.append(family.project.text(inner) or "")
            elif deep and "." not in name and name not in {"vendor", "node_modules", "testdata"}:
                waiting.append(inner)
    return texts or None


def _name(package: str) -> str:
    """Return the name of the program of a package.

    >>> _name("example.com/tool/v2@latest")
    'tool'
    """
    return posixpath.basename(
        _VERSION.sub("", package.partition("@")[0].removesuffix("/...").rstrip("/"))
    )


def _path(stage: Stage, call: Call) -> str:
    value = call.value("GOPATH")
    return (value.text if value is not None else None) or stage.variables.get("GOPATH") or "/go"


def _bin(stage: Stage, call: Call) -> str:
    value = call.value("GOBIN")
    return (value.text if value is not None else None) or posixpath.join(_path(stage, call), "bin")


def _whole(call: Call, path: str) -> str:
    return posixpath.normpath(posixpath.join(call.state.directory or "/", path))


def _outputs(stage: Stage, call: Call, verb: str, arguments: list[str]) -> Iterator[str]:
    for place, word in enumerate(arguments):
        if word == "-o" and place + 1 < len(arguments):
            yield arguments[place + 1]
            return
        if word.startswith("-o="):
            yield word[3:]
            return
    packages = _positional(arguments)[1:]
    if verb == "install":
        here = posixpath.basename(call.state.directory)
        for package in packages or ["."]:
            yield posixpath.join(_bin(stage, call), _name(package) if package != "." else here)
    elif verb == "build" and len(packages) == 1 and not packages[0].startswith("-"):
        yield (
            _name(packages[0])
            if packages[0] not in {".", "./..."}
            else posixpath.basename(call.state.directory)
        )


def _shared(family: Family, outputs: tuple[str, ...]) -> bool:
    """Whether a step copies one of the programs somewhere, so that it may leave the family."""
    names = set(outputs)
    folders = {posixpath.dirname(path) + "/*" for path in outputs} | {
        posixpath.dirname(path) + "/" for path in outputs
    }
    for _, _, call in family.calls():
        if (
            call.name in {"cp", "mv", "install", "ln", "upx", "tar"}
            and names | folders & set(call.arguments)
            and (names | folders) & set(call.arguments)
        ):
            return True
    return False


def rewrite(family: Family, entry: Entry) -> None:
    """Tell a command of Go the target."""
    stage, step, call = entry.stage, entry.step, entry.call
    command = call.command
    verb = next(word for word in command.arguments if word.text in {"build", "install", "test"})
    family.needs(stage, step)
    moved = ""
    if verb.text == "install":
        moved = _install(family, entry, verb)
    given = [word for word in command.assignments if word.text.partition("=")[0] in NAMES]
    name = command.words[0]
    if family.mode == "args":
        _by_arguments(family, entry, given)
    elif family.mode == "inline":
        _without(family, step, command, given)
        source(family, step, call)
    else:
        _without(family, step, command, given)
        family.edits.replace(step.place, name.end - len("go"), name.end, "xx-go")
        if entry.verdict.c or (family_uses_c(family) and call.value("CGO_ENABLED") is None):
            _enable_c(family, entry)
        verify_here(family, entry, static=_static(call))
    if moved and command.tail >= 0:
        family.edits.replace(step.place, command.tail, command.tail, moved)


def _static(call: Call) -> bool:
    value = call.value("CGO_ENABLED")
    return value is not None and value.text == "0"


def family_uses_c(family: Family) -> bool:
    """Whether Go compiles C in a family: it says so, or it installs what only a C compiler reads."""
    going = family.of("go", "go-make")
    if not going:
        return False
    said = [entry.verdict.c for entry in going]
    if True in said:
        return True
    if False in said:
        return False
    if _source_has_c(family, going):
        return True
    installed = [
        family.tools.package(word.text)
        for entry in family.entries
        if family.tools.manager_of(entry.call.command)
        for word in entry.call.command.arguments
    ]
    return any(package is not None for package in installed)


def _source_has_c(family: Family, going: list[Entry]) -> bool:
    """Whether the project has C in it, or needs a module that has: a compiler for the build machine is in the image then."""
    entry = going[0]
    place = find(
        family.project,
        entry.stage,
        entry.step,
        posixpath.join(entry.call.state.directory or "/", "go.mod"),
    )
    text = family.project.text(place) if place else None
    if text is None or "alpine" in family.root.base:
        return False
    if any(module in text for module in family.tools.c_modules):
        return True
    texts = (
        _sources(family, entry.stage, entry.step, entry.call.state.directory or "/", deep=True)
        or []
    )
    return any('import "C"' in source for source in texts)


def _enable_c(family: Family, entry: Entry) -> None:
    """Say that C is compiled: Go turns that off by itself when it compiles for another platform."""
    if entry.call.value("CGO_ENABLED") is None:
        start = prefix(entry.step, entry.call.command)
        family.edits.replace(entry.step.place, start, start, "CGO_ENABLED=1 ")


def _install(family: Family, entry: Entry, verb: Word) -> str:
    """Let ``go install`` put the program where it puts one for the machine itself; return what must follow the command."""
    stage, step, call = entry.stage, entry.step, entry.call
    folder = _bin(stage, call)
    own = call.value("GOBIN") is not None
    packages = _positional(call.arguments)[1:]
    exact = any(posixpath.normpath(path) in family.taken for path in entry.verdict.outputs)
    if (exact and not any("@" in word for word in packages)) or (
        own and all(word.startswith(".") for word in packages)
    ):
        family.edits.replace(step.place, verb.start, verb.end, f"build -o {folder}/")
    elif own:
        family.edits.replace(step.place, verb.start, verb.end, "build -o /dev/null")
    elif any(family.takes(path) for path in entry.verdict.outputs) or _named(family, folder):
        system = "${TARGETOS}_${TARGETARCH}"
        if family.mode == "inline":
            system = "$(go env GOOS)_$(go env GOARCH)"
        elif family.mode in WITH_COMMANDS:
            system = "$(xx-go env GOOS)_$(xx-go env GOARCH)"
        return f" && {{ [ ! -d {folder}/{system} ] || mv {folder}/{system}/* {folder}/; }}"
    return ""


def relocate(family: Family, entry: Entry) -> None:
    """Let a ``go install`` that is told the target already put its program where it did before its stage moved."""
    verb = next((word for word in entry.call.command.arguments if word.text == "install"), None)
    if verb is None or verb_of(entry.call.arguments, _VALUED) != "install":
        return
    moved = _install(family, entry, verb)
    if moved and entry.call.command.tail >= 0:
        if family.mode == "args":
            family.needs(entry.stage, entry.step)
        family.edits.replace(
            entry.step.place, entry.call.command.tail, entry.call.command.tail, moved
        )


def _named(family: Family, folder: str) -> bool:
    """Whether the folder of programs is taken, or a step names it."""
    if any(
        path == folder or path.startswith(f"{folder}/") or folder.startswith(path.rstrip("/") + "/")
        for path in family.taken
    ):
        return True
    return any(
        folder in call.text(word)
        for _, _, call in family.calls()
        for word in call.command.words
        if call.name not in {"export", "go"}
    )


def _by_arguments(family: Family, entry: Entry, given: list[Word]) -> None:
    edits, step, stage, call = family.edits, entry.step, entry.stage, entry.call
    environment = [other for parent in stage.ancestors() for other in parent.environment]
    constant = [other for other in environment if "GOARCH" in other.instruction.words[::2]]
    exports = [
        word
        for _, other, done in family.calls()
        if other is step and done.name == "export"
        for word in done.command.arguments
        if word.text.partition("=")[0] in {"GOOS", "GOARCH"} and "=" in word.text
    ]
    if constant and not given:
        for other in constant:
            _set_environment(family, stage, other)
    elif call.exec_form:
        edits.insert_above(step.place, "ARG TARGETOS TARGETARCH")
        edits.insert_above(step.place, "ENV GOOS=$TARGETOS GOARCH=$TARGETARCH")
    elif call.value("GOARCH") is not None and exports and not given:
        for word in exports:
            name = word.text.partition("=")[0]
            edits.replace(
                step.place,
                word.start,
                word.end,
                f"{name}={'$TARGETOS' if name == 'GOOS' else '$TARGETARCH'}",
            )
    else:
        name_target(family, entry, given)


def _set_environment(family: Family, stage: Stage, other: Step) -> None:
    """Let ENV name the target in the place of a constant."""
    for name, value in (("GOOS", "$TARGETOS"), ("GOARCH", "$TARGETARCH")):
        found = re.search(rf"\b{name}(=|[ \t]+)(\S+)", other.instruction.flat)
        if found:
            family.edits.replace(other.place, found.start(2), found.end(2), value)
    family.needs(next(parent for parent in stage.ancestors() if other in parent.steps), other)


def name_target(family: Family, entry: Entry, given: list[Word]) -> None:
    """Set GOOS and GOARCH in front of a command, in the place of what is there."""
    both = "GOOS=$TARGETOS GOARCH=$TARGETARCH"
    step, command = entry.step, entry.call.command
    if given:
        family.edits.replace(step.place, given[0].start, given[0].end, both)
        _without(family, step, command, given[1:])
    else:
        start = prefix(step, command)
        family.edits.replace(step.place, start, start, both + " ")


def prefix(step: Step, command: Command) -> int:
    """Return where a variable of a command's environment may be put: in front of it, or of what starts it."""
    first = command.words[0].start
    before = step.instruction.flat[
        command.assignments[-1].end if command.assignments else command.start : first
    ]
    return first if not before.strip() or before.split() == ["time"] else command.start


def _without(family: Family, step: Step, command: Command, words: list[Word]) -> None:
    """Take assignments away, each with the space behind it."""
    following = [*command.assignments, *command.words]
    for word in words:
        after = following[following.index(word) + 1]
        family.edits.replace(step.place, word.start, after.start, "")


def source(family: Family, step: Step, call: Call) -> None:
    """Read the names of the target at the beginning of a step."""
    instruction = step.instruction
    if instruction.is_json:
        if call.exec_form:
            words = ", ".join(
                f'"{word}"' for word in ("/bin/sh", "-c", f'. {TARGET_FILE} && exec \\"$@\\"', "sh")
            )
            family.edits.replace(
                step.place, instruction.body + 1, instruction.body + 1, f"{words}, "
            )
        else:
            start = call.command.start
            family.edits.replace(step.place, start, start, f". {TARGET_FILE} && ")
        return
    start = instruction.scripts()[0][0]
    first = instruction.flat[:start].endswith("\n")
    family.edits.replace(
        step.place, start, start, f". {TARGET_FILE}\n" if first else f". {TARGET_FILE} && "
    )
