"""What each ``[[command]]`` row means for a stage that moves: one function per ``does``."""

from __future__ import annotations

import posixpath
import re
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert import chosen
from xxpy.dockerfile.convert.family import NEUTRAL, PORTABLE, TROUBLE, Verdict, trouble
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.tools import Meaning

_PYTHON: Final = frozenset(
    {"site-packages", "dist-packages", "venv", ".venv", "wheels", "wheelhouse", "install", ".local"}
)
"""Folders of what pip installs."""

_ASKS: Final = "it asks what machine it runs on, which would be the build machine"
_ASKS_FIX: Final = "take the target from ARG TARGETARCH, or do it in a stage of its own"
_ASSIGNED: Final = re.compile(r"(?:^|[\s;&(])([A-Za-z_]\w*)=\"?(?:\$\(|`)\s*$")
_OPENED: Final = re.compile(r"(?:^|[\s;&(])([A-Za-z_]\w*)=\"?(?:\$\(|`)")
_UNPACKING: Final = frozenset({"tar", "unzip", "install", "mv", "cp", "rm", "echo", "chmod"})
_CHOOSING: Final = _UNPACKING | {
    *("[", "[[", "test", "exit", "printf", "true", "false", "cd", "mkdir", "ln"),
    *("sha256sum", "sha512sum", "uname", "dpkg", "apk", "grep", "sed", "tr", "cut", "awk"),
}
"""Commands that may name what is downloaded, beside those that load and unpack it."""
_ASSIGNING: Final = re.compile(r"(?:^|[\s;&(])([A-Za-z_]\w*)=[^\s;&]*$")
_ASSIGNMENTS: Final = re.compile(r"(?:^|[\s;&()])([A-Za-z_]\w*)=(?!=)")
_CONDITION: Final = re.compile(r"\b(case|if|elif)\b(?:(?!\b(?:esac|fi|then)\b).)*$", re.DOTALL)
_PUTTING: Final = frozenset({"install", "mv", "cp", "rsync", "ln"})
_EXTRACTING: Final = frozenset({"tar", "unzip"})
_INTO: Final = {
    "curl": re.compile(r"-\w*o|--output|--output-dir"),
    "tar": re.compile(r"-\w*C|--directory"),
    "unzip": re.compile(r"-\w*d"),
}
"""Options whose value is where files go, by the command."""
_INTO_OTHERS: Final = re.compile(
    r"-\w*[oOCdP]|--(?:output|output-document|directory|directory-prefix)"
)
_LINKED: Final = re.compile(r"\.(?:a|so|dylib)(?:\.[\d.]+)?$|/lib(?:64)?(?:/|$)|/include(?:/|$)")
"""Libraries, headers, and their folders: what a compiler takes, and no tool."""
_TOP: Final = 2
"""The parts of the path of something in the root, with the empty one before its slash."""


def _neutral(family: Family, call: Call, row: Meaning) -> Verdict:  # noqa: ARG001 - one form for all
    return Verdict(NEUTRAL)


def _refused(family: Family, call: Call, row: Meaning) -> Verdict:  # noqa: ARG001 - likewise
    return trouble(row.why, row.fix)


def _asks(family: Family, call: Call, row: Meaning) -> Verdict:  # noqa: ARG001 - likewise
    told = call.value("GOARCH")
    if (call.name == "go" and told is not None and told.told) or (
        _is_unused(family, call) or _serves_download(family, call)
    ):
        return Verdict(NEUTRAL)
    return trouble(_ASKS, _ASKS_FIX, known=False)


def _tools(family: Family, call: Call, row: Meaning) -> Verdict:  # noqa: ARG001 - likewise
    product = any(_PYTHON & set(path.split("/")) for path in family.taken)
    return (
        trouble(row.why, row.fix) if product or "python" in family.root.base else Verdict(NEUTRAL)
    )


def _unknown_manager(family: Family, call: Call, row: Meaning) -> Verdict:  # noqa: ARG001 - likewise
    managers = family.tools.managers.values()
    if any(call.name in manager.commands for manager in managers):
        why = f"what {call.name} {next(iter(call.arguments), '')} does is not known"
        return trouble(why.replace("  ", " "), known=False)
    return trouble(f"how packages are installed in {family.root.base} is not known", known=False)


def _portable(family: Family, call: Call, row: Meaning) -> Verdict:
    """Return what a tool for portable files does.

    What leaves the stage must be a part of what the tool makes, without its packages.
    """
    if not row.why:
        return Verdict(PORTABLE)
    if any(call.told(word) for word in call.arguments):
        why = f"{call.name} is told the target, so that what it makes is for one"
        return Verdict(TROUBLE, PORTABLE, why=why, fix="build that in a stage of its own")
    made = set(_written(family))
    why = chosen.library(family, call, row)
    if why:
        return Verdict(TROUBLE, PORTABLE, why=why, fix="run it in the target's platform")
    here = call.state.directory or "/"
    whole = (path for path in family.products if path not in made)
    made_here = frozenset(_folders(family))
    found = next(
        (path for path in whole if path not in made_here and _is_whole(family, path, here)), None
    )
    if found is not None:
        why = f"{row.why}, and {found} leaves the stage"
        return Verdict(TROUBLE, PORTABLE, why=why, fix=row.fix)
    return Verdict(PORTABLE)


def _is_whole(family: Family, path: str, here: str) -> bool:
    """Whether a path may contain more than results: packages, the working folder, a program."""
    parts = path.split("/")
    around = path == here or here.startswith(path.rstrip("/") + "/")
    plain = len(parts) <= _TOP and not posixpath.splitext(path)[1]
    return matches(f"{path}/", family.tools.system.packages) or around or plain


def _folders(family: Family) -> Iterator[str]:
    """Yield the folders that ``mkdir`` makes, in which nothing runs and which get only files."""
    calls = [call for _, _, call in family.calls()]
    used = {call.state.directory for call in calls}
    filled = {path for call in calls if call.name in _PUTTING for path in _whole_folders(call)}
    for call in calls:
        for path in _paths(call) if call.name == "mkdir" else ():
            yield from (
                folder
                for folder in (path, posixpath.dirname(path))
                if folder != "/" and not any(_below(other, folder) for other in used | filled)
            )


def _whole_folders(call: Call) -> Iterator[str]:
    """Yield where a command puts what may be a whole folder: a name without an ending."""
    paths = list(_paths(call))
    if any(not posixpath.splitext(path)[1] for path in paths[:-1]):
        yield paths[-1]


def _paths(call: Call) -> Iterator[str]:
    """Yield the arguments of a command as paths, where its folder is known."""
    if call.state.directory:
        for word in call.arguments:
            if not word.startswith("-"):
                yield posixpath.normpath(posixpath.join(call.state.directory, word))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _written(family: Family) -> Iterator[str]:
    """Yield the files that ``-o`` names anywhere in the family."""
    for _, _, call in family.calls():
        words = call.arguments
        for place, word in enumerate(words[:-1]):
            if word == "-o":
                folder = call.state.directory or "/"
                yield posixpath.normpath(posixpath.join(folder, words[place + 1]))


def _is_unused(family: Family, call: Call) -> bool:
    """Whether the answer goes into a variable that nothing uses."""
    if not call.captured:
        return False
    done = (done for stage in family.stages for done in family.courses[stage.number])
    text = next((step.step.instruction.flat for step in done if call in step.calls), "")
    before = text[: call.command.start]
    assigned = _ASSIGNED.search(before)
    if assigned is None:
        return False
    name = assigned[1]
    return not re.search(rf"\$\{{?{name}\b|export[^;&]*\b{name}\b", text)


def _serves_download(family: Family, call: Call) -> bool:
    """Whether the answer only chooses a tool that is downloaded, and that runs here.

    What leaves the stage is verified all the same.
    """
    done = (done for stage in family.stages for done in family.courses[stage.number])
    found = next((step for step in done if call in step.calls), None)
    if found is None or not call.captured:
        return False
    text, place = found.step.instruction.flat, call.command.start
    downloaders = {*family.tools.system.downloaders}
    loading = [other for other in found.calls if other.name in downloaders]
    moving = [other for other in found.calls if other.name in _UNPACKING | downloaders]
    if any(_is_product(family, other) for other in moving):
        return False
    if any(other.command.start < place < other.command.end for other in loading):
        return True
    name = _assigned(text[:place])
    return bool(loading and name) and _only_chooses(
        found.calls, text, name, _CHOOSING | downloaders
    )


def _assigned(before: str) -> str:
    """Return the variable in whose value, within ``$(…)``, a text ends, or ""."""
    for found in reversed(list(_OPENED.finditer(before))):
        depths = list(accumulate({"(": 1, ")": -1}.get(one, 0) for one in before[found.end() :]))
        if min(depths, default=0) >= 0:
            return found[1]
    return ""


def _only_chooses(calls: tuple[Call, ...], text: str, name: str, may: frozenset[str]) -> bool:
    """Whether a variable, and those that it decides, only choose what is downloaded.

    :param may: the commands that may name the variable
    """
    names, seen = [name], set[str]()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        if re.search(rf"\bexport\b[^;&|]*\b{name}\b", text):
            return False
        for use in re.finditer(rf"\$\{{?{name}\b", text):
            if any(_uses(call, use.start()) for call in calls if call.name not in may):
                return False
            names += _decided(text, use.start())
    return True


def _uses(call: Call, place: int) -> bool:
    """Whether a place is in a command, or in a variable in front of it."""
    command = call.command
    first = min([command.start, *(word.start for word in command.assignments)])
    return bool(call.name) and first <= place < command.end


def _decided(text: str, place: int) -> list[str]:
    """Return the variables that a use of another one decides: in a value, or in a condition."""
    line = _ASSIGNING.findall(text[:place])[-1:]
    opened = _CONDITION.search(text[:place])
    if opened is None:
        return line
    end = text.find("esac" if opened[1] == "case" else "fi", place)
    return [*line, *_ASSIGNMENTS.findall(text[place : end if end >= 0 else len(text)])]


def _is_product(family: Family, call: Call) -> bool:
    """Whether a command writes what leaves the stage, or may be compiled with the project."""
    folder = call.state.directory or "/"
    into = _INTO.get(call.name, _INTO_OTHERS)
    given = [second for first, second in pairwise(call.arguments) if into.fullmatch(first)]
    given += [*call.outputs, *(call.arguments[-1:] if call.name in _PUTTING else ())]
    if not given and call.name in _EXTRACTING:
        given = ["file"]
    paths = [posixpath.normpath(posixpath.join(folder, path)) for path in given]
    if any(_LINKED.search(path) for path in (*paths, *call.arguments)):
        return True
    beside = f"{folder.rstrip('/')}/" if folder != "/" else "//"
    return any(family.takes(path) or path.startswith(beside) for path in paths)


BY_ROW: Final[dict[str, Callable[[Family, Call, Meaning], Verdict]]] = {
    "neutral": _neutral,
    "refused": _refused,
    "asks": _asks,
    "tools": _tools,
    "packages": _unknown_manager,
    "portable": _portable,
}
"""What a command does, by the word in its row."""
