"""The .NET SDK: it compiles for every machine; -a names the one whose libraries it takes.

``dotnet publish -a $TARGETARCH`` makes the same application on every build machine: code that all
run, the host program and the libraries of the target
(https://learn.microsoft.com/dotnet/core/tools/dotnet-publish).
"""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import COMPILE, NEUTRAL, Verdict, trouble
from xxpy.dockerfile.project import find, sources
from xxpy.dockerfile.stages import BUILD
from xxpy.dockerfile.tools import matches
from xxpy.dockerfile.variables import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.stages import Stage, Step

NAME: Final = "-a $TARGETARCH"
"""How the SDK is told the target."""

_TELLING: Final = ("-a", "--arch", "-r", "--runtime")
_AGAIN: Final = frozenset({"--no-restore", "--no-build"})
_VALUED: Final = frozenset(
    {
        *_TELLING,
        *("-c", "--configuration", "-o", "--output", "-f", "--framework", "-v", "--verbosity"),
        *("-s", "--source", "--configfile", "--packages", "--os", "--version-suffix"),
    }
)
_PROJECTS: Final = ("*.csproj", "*.fsproj", "*.vbproj")
_SOLUTIONS: Final = ("*.sln", "*.slnx", "*.slnf")
_AROUND: Final = ("Directory.Build.props", "Directory.Build.targets")
_FRAMEWORKS: Final = re.compile(r"<TargetFrameworks?>([^<]+)<", re.IGNORECASE)
_FRAMEWORK: Final = re.compile(r"net(?P<major>\d+)\.\d+|netstandard[\d.]+")


def only(family: Family) -> bool:
    """Whether .NET is all that compiles in a family, so that no other tool is needed."""
    compiling = family.compiling()
    return bool(compiling) and all(entry.verdict.how == "dotnet" for entry in compiling)


def rewrite(family: Family, entry: Entry) -> None:
    """Tell restore, build or publish the target."""
    family.needs(entry.stage, entry.step)
    verb = entry.call.command.arguments[0]
    family.edits.replace(entry.step.place, verb.end, verb.end, f" {NAME}")


def judge(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what restore, build or publish does."""
    words = call.arguments
    given = [(first, then) for first, then in pairwise([*words, ""]) if first in _TELLING]
    given += [(first, second) for first, _, second in (word.partition("=") for word in words)
              if first in _TELLING and second]  # fmt: skip
    told = any(call.told(value) or "$" in value for _, value in given)
    if told and family.root.platform == BUILD:
        return Verdict(COMPILE, "dotnet", told=True)
    if given and not told:
        why = f"{' '.join(given[0])} is for one machine, whatever the build is for"
        return trouble(why, f"leave it out, or pass {NAME}")
    if call.exec_form or call.started:
        return trouble("how dotnet is told the target here is not known", "call it in a shell")
    why, fix = _other_libc(family) or _unfit(family, stage, step, call)
    if why == _SOLUTION and words[0] == "restore" and not _relied(family):
        return Verdict(NEUTRAL)
    return trouble(why, fix) if why else Verdict(COMPILE, "dotnet", told=told)


def _other_libc(family: Family) -> tuple[str, str] | None:
    """Return why the libraries that the SDK takes do not fit an image that takes them, or None.

    It takes those for the C library of its own image.
    """
    other = family.tools.dotnet.musl
    musl = matches(family.root.base, other)
    for copy in family.leaving:
        base = copy.stage.root.base
        if matches(base, other) != musl and base != "scratch" and copy.stage.platform != BUILD:
            why = f"it takes libraries for the C library of its own image, and {base} has another"
            return why, "begin both images from Alpine, or none"
    return None


def _relied(family: Family) -> bool:
    """Whether a command takes what another one has restored, and so must name the same target."""
    return any(
        call.name == "dotnet" and _AGAIN & {*call.arguments} for _, _, call in family.calls()
    )


_SOLUTION: Final = "a solution is built for no single architecture"


def _unfit(family: Family, stage: Stage, step: Step, call: Call) -> tuple[str, str]:
    """Return why the SDK cannot be told the target, and what a person could change."""
    facts = family.tools.dotnet
    why = _old(family)
    if why:
        return why, f"begin from an SDK of .NET {facts.since} or later"
    files = list(_files(family, stage, step, call))
    if any(matches(posixpath.basename(path), _SOLUTIONS) for path in files):
        return _SOLUTION, "name the project file"
    texts = {path: family.project.text(path) for path in files}
    if not files or None in texts.values():
        why = "its project file is not beside the Dockerfile, so what it makes is not known"
        return why, "add it by COPY"
    found = {path: text for path, text in texts.items() if text is not None}
    found |= _around(family, files)
    found["this command"] = "\n".join(call.arguments)
    return _of_texts(family, found)


def _of_texts(family: Family, texts: dict[str, str]) -> tuple[str, str]:
    """Return what in a project, or in a command, is for one machine, and what to change."""
    facts = family.tools.dotnet
    for path, text in texts.items():
        for line in text.lower().splitlines():
            shown = line.strip()[:60]
            if matches(line, facts.native):
                why = f"{path} has {shown}, which a linker of the build machine would make"
                return why, "leave this stage in the target's platform"
            if matches(line, facts.constant):
                why = f"{path} has {shown}, which names one machine or is not read"
                return why, f"leave it out, and pass {NAME}"
            if matches(line, facts.running):
                return f"{path} has {shown}, which xxpy does not read", "do that in another stage"
        for frameworks in _FRAMEWORKS.findall(text):
            for name in frameworks.split(";"):
                known = _FRAMEWORK.fullmatch(name.strip())
                if known is None or int(known["major"] or facts.since) < facts.since:
                    why = f"{path} is for {name}, for which -a adds a whole runtime"
                    return why, f"let it be for .NET {facts.since} or later"
    return "", ""


def _old(family: Family) -> str:
    """Return why the SDK of the image may not know BuildKit's names, or ""."""
    facts = family.tools.dotnet
    base = expand(family.root.base, family.recipe.arguments).partition("@")[0]
    name, _, tag = base.rpartition("/")[2].partition(":")
    folder = base.rpartition("/")[0]
    version = re.match(r"\d+", tag)
    if not matches(f"{folder}/{name}", facts.images) or (version is None and tag):
        return f"which SDK of .NET {base} has is not known"
    if version is not None and int(version[0]) < facts.since:
        return f"the SDK of .NET {version[0]} does not know BuildKit's names of architectures"
    return ""


def _files(family: Family, stage: Stage, step: Step, call: Call) -> Iterator[str]:
    """Yield the files of projects, as the context has them, that a command works on."""
    words = call.arguments[1:]
    behind = {second for first, second in pairwise(["", *words]) if first in _VALUED}
    named = next((word for word in words if word[:1] not in {"-", "/"} and word not in behind), ".")
    path = posixpath.normpath(posixpath.join(call.state.directory or "/", named))
    wanted = (*_PROJECTS, *_SOLUTIONS)
    place = find(family.project, stage, step, path)
    names = family.project.folder(place) if place else None
    if place and names is None:
        yield place
        return
    if place and names is not None:
        yield from (posixpath.join(place, name) for name in names if matches(name, wanted))
        return
    for source, goal in sources(stage, step):
        parent, pattern = posixpath.split(source.lstrip("./"))
        if posixpath.normpath(goal) == path:
            for name in family.project.folder(parent or ".") or ():
                if fnmatchcase(name, pattern) and matches(name, wanted):
                    yield posixpath.join(parent, name)


def _around(family: Family, files: list[str]) -> dict[str, str]:
    """Return the files that MSBuild reads above projects."""
    found: dict[str, str] = {}
    for path in files:
        folder = posixpath.dirname(path)
        while True:
            for name in _AROUND:
                text = family.project.text(posixpath.join(folder, name))
                if text is not None:
                    found[posixpath.join(folder, name)] = text
            if not folder:
                break
            folder = posixpath.dirname(folder)
    return found
