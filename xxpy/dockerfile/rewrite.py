"""How each kind of command is told the target; :data:`HOW` has one function for each word that ``how`` may be in the rows of the tools."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.stages import TARGET_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.convert import Family
    from xxpy.dockerfile.shell import Command, Word
    from xxpy.dockerfile.stages import Stage, Step
    from xxpy.dockerfile.tools import Tool

TRIPLE: Final = "$(xx-clang --print-target-triple)"
RUST_TARGET: Final = "$(xx-cargo --print-target-triple)"
CROSS_FILE: Final = "/meson-cross.ini"

ARGUMENTS: Final = {
    "args": ("TARGETOS", "TARGETARCH"),
    "xx": ("TARGETPLATFORM",),
    "vendored": ("TARGETPLATFORM",),
    "inline": ("TARGETPLATFORM",),
}
"""What each mode declares with ARG."""

_C: Final = ("cc", "cxx", "cmake", "configure", "meson", "pkg-config")
_BUILT: Final = re.compile(
    r"(?P<folder>(?:^|(?<=[/\s\"'=]))target/)(?P<profile>release|debug)(?=/|$|[\s\"'])"
)
_GO_NAMES: Final = ("GOOS", "GOARCH", "GOARM", "GOAMD64", "GO386", "GOARM64", "GOMIPS", "GOMIPS64")


def needs_commands(family: Family) -> bool:
    """Whether the ``xx-*`` commands are needed: for C and Rust."""
    return (
        family.has("cargo", "strip", *_C)
        or uses_c(family)
        or (family.has("make") and family.language != "go")
    )


def uses_c(family: Family) -> bool:
    """Whether Go compiles C in a family: it says so, or it installs what only a C compiler reads."""
    if not family.has("go", "make"):
        return False
    values = [
        value
        for stage, _, command, tool in family.known()
        if tool.how == "go"
        for value in _cgo(stage, command)
    ]
    if "1" in values:
        return True
    installed = [
        family.tools.package(word.text)
        for _, _, command in family.commands()
        if family.tools.manager_of(command)
        for word in command.arguments
    ]
    return "0" not in values and any(package is not None for package in installed)


def may_lose_c(family: Family) -> bool:
    """Whether a Go program is converted without C although nothing says that it has none."""
    going = [
        (stage, step, command)
        for stage, step, command, tool in family.known()
        if tool.how in {"go", "make"}
    ]
    return family.mode in {"args", "inline"} and any(
        "0" not in {*_cgo(stage, command), *_exported(step)} for stage, step, command in going
    )


def is_told(stage: Stage, step: Step, command: Command, tool: Tool) -> bool:
    """Whether a command is told the target already."""
    exported = dict(
        word.text.partition("=")[::2]
        for other in step.script.commands
        if other.name == "export"
        for word in other.arguments
    )
    if tool.is_aware(command, stage.variables | exported):
        constant = [
            word.text
            for word in command.assignments
            if word.text.startswith("GOARCH=") and "$" not in word.text
        ]
        return not constant
    return step.names_target


def outputs(command: Command) -> Iterator[str]:
    """Yield the files that ``-o`` names, as they are written."""
    for place, word in enumerate(command.arguments):
        if word.text == "-o" and place + 1 < len(command.arguments):
            yield command.arguments[place + 1].text
        elif word.text.startswith("-o="):
            yield word.text[3:]


def family(family: Family) -> tuple[int, str] | None:
    """Change every command of a family; return the line and the reason where that cannot be done, and change nothing then."""
    if family.mode in {"args", "inline"} and needs_commands(family):
        where = next(
            (
                step.instruction.line_of(command.start)
                for _, step, command, tool in family.known()
                if tool.how not in {"", "go"}
            ),
            family.root.source.line,
        )
        return where, f"left as it is: mode {family.mode} is for Go without C; --mode xx does this"
    work = [entry for entry in family.known() if entry[3].how in HOW and not is_told(*entry)]
    impossible: dict[str, str] = {}
    for _, step, command, tool in work:
        if tool.how not in impossible:
            impossible[tool.how] = _impossible(family, tool)
        if impossible[tool.how]:
            return step.instruction.line_of(command.start), impossible[tool.how]
    for stage, step, command, tool in work:
        HOW[tool.how](family, stage, step, command)
    family.variables = list(ARGUMENTS[family.mode])
    if needs_commands(family):
        _packages(family)
    if family.has("cargo"):
        _built_folder(family)
    return None


def _impossible(family: Family, tool: Tool) -> str:
    if tool.how == "configured" and not family.has("cmake", "configure", "meson"):
        return "left as it is: nothing here says for which machine this build was configured"
    if tool.how == "make" and family.language not in {"", "go"}:
        return "left as it is: what make calls is not known here; let it call xx-cargo"
    if needs_commands(family) and family.manager is None:
        return f"left as it is: how packages are installed in {family.root.base} is not known"
    return ""


def _go(family: Family, stage: Stage, step: Step, command: Command) -> None:
    verb = next(word for word in command.arguments if word.text in {"build", "install"})
    if verb.text == "install":
        if any("@" in word.text for word in command.arguments):
            # A tool for the build itself, such as a generator: it must run here.
            return
        folder = stage.variables.get("GOBIN") or posixpath.join(
            stage.variables.get("GOPATH", "/go"), "bin"
        )
        family.edits.replace(step.place, verb.start, verb.end, f"build -o {folder}/")
    family.needs(stage, step)
    name = command.words[0]
    given = [word for word in command.assignments if word.text.partition("=")[0] in _GO_NAMES]
    if family.mode == "args":
        _go_by_arguments(family, stage, step, command, given)
    elif family.mode == "inline":
        _without(family, step, command, given)
        _source(family, step)
    else:
        _without(family, step, command, given)
        family.edits.replace(step.place, name.end - len("go"), name.end, "xx-go")
        static = " --static" if "0" in {*_cgo(stage, command), *_exported(step)} else ""
        _verify(family, step, command, static)


def _go_by_arguments(
    family: Family, stage: Stage, step: Step, command: Command, given: list[Word]
) -> None:
    edits = family.edits
    environment = [other for parent in stage.ancestors() for other in parent.environment]
    constant = [other for other in environment if "GOARCH" in other.instruction.words[::2]]
    exports = [
        (word, other)
        for other in step.script.commands
        if other.name == "export"
        for word in other.arguments
    ]
    exported = [word for word, _ in exports if word.text.partition("=")[0] in {"GOOS", "GOARCH"}]
    if constant:
        for other in constant:
            for name, value in (("GOOS", "$TARGETOS"), ("GOARCH", "$TARGETARCH")):
                found = re.search(rf"\b{name}(=|[ \t]+)(\S+)", other.instruction.flat)
                if found:
                    edits.replace(other.place, found.start(2), found.end(2), value)
        family.needs(_owner(stage, constant[0]), constant[0])
    elif step.instruction.is_json:
        edits.insert_above(step.place, "ARG TARGETOS TARGETARCH")
        edits.insert_above(step.place, "ENV GOOS=$TARGETOS GOARCH=$TARGETARCH")
    elif any(word.text.startswith("GOARCH=") for word in exported):
        for word in exported:
            name = word.text.partition("=")[0]
            edits.replace(
                step.place,
                word.start,
                word.end,
                f"{name}={'$TARGETOS' if name == 'GOOS' else '$TARGETARCH'}",
            )
    else:
        _name_target(family, step, command, given)


def _name_target(family: Family, step: Step, command: Command, given: list[Word]) -> None:
    """Set GOOS and GOARCH in front of a command, in the place of what stands there."""
    both = "GOOS=$TARGETOS GOARCH=$TARGETARCH"
    if given:
        family.edits.replace(step.place, given[0].start, given[0].end, both)
        _without(family, step, command, given[1:])
    else:
        family.edits.replace(step.place, command.words[0].start, command.words[0].start, both + " ")


def _without(family: Family, step: Step, command: Command, words: list[Word]) -> None:
    """Take assignments away, each with the space behind it."""
    following = [*command.assignments, *command.words]
    for word in words:
        after = following[following.index(word) + 1]
        family.edits.replace(step.place, word.start, after.start, "")


def _source(family: Family, step: Step) -> None:
    """Read the names of the target at the beginning of a step."""
    instruction = step.instruction
    if instruction.is_json:
        words = ", ".join(
            f'"{word}"' for word in ("/bin/sh", "-c", f'. {TARGET_FILE} && exec \\"$@\\"', "sh")
        )
        family.edits.replace(step.place, instruction.body + 1, instruction.body + 1, f"{words}, ")
        return
    start = instruction.scripts()[0][0]
    first = instruction.flat[:start].endswith("\n")
    family.edits.replace(
        step.place, start, start, f". {TARGET_FILE}\n" if first else f". {TARGET_FILE} && "
    )


def _make(family: Family, stage: Stage, step: Step, command: Command) -> None:
    if family.language == "go":
        family.needs(stage, step)
        if family.mode == "args":
            _name_target(
                family,
                step,
                command,
                [
                    word
                    for word in command.assignments
                    if word.text.partition("=")[0] in {"GOOS", "GOARCH"}
                ],
            )
        elif family.mode == "inline":
            _source(family, step)
        else:
            family.edits.replace(step.place, command.start, command.start, "xx-go --wrap && ")
        return
    if not family.has("cmake", "configure", "meson"):
        family.needs(stage, step)
        name = command.words[0]
        family.edits.replace(step.place, name.end, name.end, " CC=xx-clang CXX=xx-clang++")


def _cargo(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    name = command.words[0]
    family.edits.replace(step.place, name.end - len("cargo"), name.end, "xx-cargo")


def _compiler(name: str) -> Callable[[Family, Stage, Step, Command], None]:
    def change(family: Family, stage: Stage, step: Step, command: Command) -> None:
        family.needs(stage, step)
        word = command.words[0]
        family.edits.replace(step.place, word.start, word.end, name)
        if not any(argument.text in {"-c", "-S", "-E"} for argument in command.arguments):
            _verify(
                family,
                step,
                command,
                " --static"
                if any(argument.text == "-static" for argument in command.arguments)
                else "",
            )

    return change


def _cmake(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    name = command.words[0]
    more = "\\" if step.instruction.heredocs else step.instruction.escape
    system = f"-DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) {more}\n      "
    family.edits.replace(
        step.place,
        name.end,
        name.end + 1,
        f" $(xx-clang --print-cmake-defines) {more}\n      {system}",
    )


def _configure(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    name = command.words[0]
    family.edits.replace(
        step.place, name.end, name.end, f" --host={TRIPLE} CC=xx-clang CXX=xx-clang++"
    )


def _meson(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    verb = next(word for word in command.arguments if word.text == "setup")
    family.edits.replace(step.place, verb.end, verb.end, f" --cross-file {CROSS_FILE}")
    family.cross_files.append(step)


def _strip(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    word = command.words[0]
    family.edits.replace(step.place, word.start, word.end, f"{TRIPLE}-strip")


def _pkg_config(family: Family, stage: Stage, step: Step, command: Command) -> None:
    family.needs(stage, step)
    word = command.words[0]
    family.edits.replace(step.place, word.start, word.end, f"{TRIPLE}-pkg-config")


def _configured(family: Family, stage: Stage, step: Step, command: Command) -> None:
    """Nothing is to be said: the build was configured for the target."""


def _verify(family: Family, step: Step, command: Command, options: str) -> None:
    """Have the outputs of a command verified right behind it, where that is possible."""
    if step.instruction.is_json or command.tail < 0:
        return
    source = step.instruction.source
    for place, word in enumerate(command.arguments):
        if word.text == "-o" and place + 1 < len(command.arguments):
            written = command.arguments[place + 1]
            path = source[written.start : written.end]
            files = f"{path}*" if path.endswith("/") else path
            family.edits.replace(
                step.place, command.tail, command.tail, f" && xx-verify{options} {files}"
            )


def _packages(family: Family) -> None:
    """Share the installed packages out between the build machine and the target."""
    build: list[str] = []
    target: list[str] = []
    kept: set[str] = set()
    for _, step, command in family.commands():
        if family.tools.manager_of(command):
            here, there = _share(family, step, command, build)
            build += here
            target += there
            kept |= {word.text for word in command.arguments}
    family.build_packages = [
        name for name in ("clang", "lld", "llvm") if name not in build and name not in kept
    ]
    if not any(name.startswith("xx-c") for name in target):
        target.insert(0, "xx-c-essentials")
    family.target_packages = list(dict.fromkeys(target))


def _share(
    family: Family, step: Step, command: Command, known: list[str]
) -> tuple[list[str], list[str]]:
    """Take the target's packages out of a command that installs; return what it installs in their place, and the target's.

    The new packages stand where the first of the old ones stood, or where the last one stood if a
    comment is right in front of that: with nothing behind it the comment would take the next
    instruction into this one.
    """
    source = step.instruction.source
    rows = [
        (word, family.tools.package(word.text))
        for word in command.arguments
        if not word.text.startswith("-") and ":" not in word.text
    ]
    found = [(word, row) for word, row in rows if row is not None]
    stay = {word.text for word, row in rows if row is None}
    new = [
        name
        for name in dict.fromkeys(name for _, row in found for name in row.build)
        if name not in known and name not in stay
    ]
    words = list(command.words)
    gaps = {word: (words[words.index(word) - 1].end, word.start) for word, _ in found}
    commented = {word for word, (start, end) in gaps.items() if "#" in source[start:end]}
    last = (
        found[-1][0]
        if found and found[-1][0] in commented and found[-1][0].end == command.end
        else None
    )
    place = last or next((word for word, _ in found), None)
    target: list[str] = []
    for word, row in found:
        if word is last and not new:
            # Nothing can stand in its place; for the build machine it does no harm there.
            family.edits.replace(step.place, word.start, word.end, word.text)
        elif word is place and new:
            family.edits.replace(step.place, word.start, word.end, " ".join(new))
        else:
            family.edits.replace(
                step.place, word.start if word in commented else gaps[word][0], word.end, ""
            )
        target += [word.text if name == "=" else name for name in row.target]
    return new, target


def _built_folder(family: Family) -> None:
    """Follow cargo's output, which with a target lies one folder deeper."""
    edits = family.edits
    building = [
        (stage, step, command)
        for stage, step, command, tool in family.known()
        if tool.how == "cargo" and "build" in {word.text for word in command.arguments}
    ]
    for stage in family.stages:
        for step in stage.steps:
            if (
                step.instruction.keyword != "RUN"
                or step.instruction.is_json
                or "xx-cargo" in step.instruction.source
            ):
                continue
            for start, end in step.instruction.scripts():
                for found in _BUILT.finditer(step.instruction.flat, start, end):
                    place = found.end("folder")
                    edits.replace(step.place, place, place, f"{RUST_TARGET}/")
                    family.needs(stage, step)
    for copy in family.recipe.copies():
        if isinstance(copy.origin, str) or copy.origin not in family.stages or copy.is_mount:
            continue
        for path in copy.paths:
            built_path = _BUILT.search(path)
            if built_path is None or not building:
                continue
            _, step, command = building[-1]
            relative = (
                posixpath.relpath(path[: built_path.end("folder")].rstrip("/"), step.directory)
                if path.startswith("/")
                else "target"
            )
            name = path[built_path.end("profile") :].lstrip("/")
            built = f"{relative}/{RUST_TARGET}/{built_path['profile']}/{name}"
            where = f"{relative}/{built_path['profile']}/{posixpath.dirname(name)}".rstrip("/")
            edits.replace(
                step.place,
                command.tail,
                command.tail,
                f" && xx-verify {built} && cp {built} {where}/",
            )


def _cgo(stage: Stage, command: Command) -> list[str]:
    values = [command.variables().get("CGO_ENABLED"), stage.variables.get("CGO_ENABLED")]
    return [value for value in values if value is not None][:1]


def _exported(step: Step) -> list[str]:
    words = (
        word.text
        for other in step.script.commands
        if other.name == "export"
        for word in other.arguments
    )
    return [word.partition("=")[2] for word in words if word.startswith("CGO_ENABLED=")]


def _owner(stage: Stage, step: Step) -> Stage:
    return next(parent for parent in stage.ancestors() if step in parent.steps)


HOW: Final[dict[str, Callable[[Family, Stage, Step, Command], None]]] = {
    "go": _go,
    "make": _make,
    "cargo": _cargo,
    "cc": _compiler("xx-clang"),
    "cxx": _compiler("xx-clang++"),
    "cmake": _cmake,
    "configure": _configure,
    "meson": _meson,
    "strip": _strip,
    "pkg-config": _pkg_config,
    "configured": _configured,
}
"""The change that each conversion makes to a command."""
