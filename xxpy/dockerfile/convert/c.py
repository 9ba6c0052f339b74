"""C and C++: compilers and build systems, and how they are told the target."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import COMPILE, Verdict, trouble
from xxpy.dockerfile.project import find
from xxpy.dockerfile.tools import matches

if TYPE_CHECKING:
    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.convert.family import Family
    from xxpy.dockerfile.stages import Stage, Step

TRIPLE: Final = "$(xx-clang --print-target-triple)"
CROSS_FILE: Final = "/meson-cross.ini"
KINDS: Final = (
    "cc", "cxx", "cmake", "configure", "meson", "pkg-config", "make-c", "script-c", "strip"
)  # fmt: skip
TOOLCHAIN: Final = "CMAKE_TOOLCHAIN_FILE"
"""The variable by which the environment tells CMake the target."""
TOOLS: Final = {
    "CC": "xx-clang",
    "CXX": "xx-clang++",
    "PKG_CONFIG": f"{TRIPLE}-pkg-config",
    "STRIP": f"{TRIPLE}-strip",
    TOOLCHAIN: "/cmake-cross.cmake",
}
"""The variables that makefiles and scripts name tools of C by, and the target's tools."""
NEEDED: Final = {"pkg-config": "PKG_CONFIG", "strip": "STRIP", "cmake": TOOLCHAIN}
"""The variable of a tool, by what it does."""
CONFIGURING: Final = ("cmake", "configure", "meson")
OBJECTS: Final = frozenset({"-c", "-S", "-E", "-M", "-MM", "-fsyntax-only"})
_GENERATING: Final = frozenset(
    {"autoreconf", "autogen.sh", "bootstrap", "bootstrap.sh", "autogen", "buildconf", "autoconf"}
)
_PROBES: Final = re.compile(
    r"\btry_run\s*\(|CheckCSourceRuns|check_c(?:xx)?_source_runs|CMAKE_HOST_SYSTEM_PROCESSOR|-march=native"
    r"|execute_process\s*\([^)]*\b(?:uname|-dumpmachine|dpkg)\b|ExternalProject_Add|\bvcpkg\b",
    re.IGNORECASE,
)
_CHOOSING: Final = re.compile(
    r"-D(?:CMAKE_(?:C|CXX)_COMPILER|CMAKE_TOOLCHAIN_FILE|CMAKE_SYSTEM_\w+)\b.*=|--toolchain|--preset"
)
"""Options of CMake that choose a compiler or a machine."""

_PROGRAM: Final = re.compile(r"\badd_executable\s*\(\s*([\w.\-]+)", re.IGNORECASE)
_CUSTOM: Final = re.compile(
    r"\badd_custom_(?:command|target)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", re.IGNORECASE
)
_COMMAND: Final = re.compile(r"\bCOMMAND\s+\"?(?:\$<TARGET_FILE:)?([\w./${}\-]+)")


def _tool_told(family: Family, call: Call) -> bool:
    tool = family.tools.of(call.named)
    wrapped = call.state.kept.get("clang")
    if wrapped is not None and wrapped.told and "clang" in call.name:
        return True
    aware = tool.aware if tool else ()
    words = [*call.arguments, *(word.text for word in call.command.assignments)]
    return any(matches(word, aware) and (call.told(word) or "xx-" in word) for word in words)


def judge_compiler(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:  # noqa: ARG001 - one form for all
    """Return what a C or C++ compiler does."""
    told = _tool_told(family, call)
    constant = next(
        (word for word in call.arguments if word.startswith("--target=") and not call.told(word)),
        None,
    )
    if constant and not told:
        return trouble(f"{constant} is one target, whatever the build is for", "leave it out")
    place = [
        n for n, word in enumerate(call.arguments) if word == "-o" and n + 1 < len(call.arguments)
    ]
    outputs = (
        tuple(call.arguments[n + 1] for n in place) if not OBJECTS & set(call.arguments) else ()
    )
    how = "cxx" if "+" in call.name else "cc"
    return Verdict(
        COMPILE,
        how,
        told=told,
        outputs=outputs or (("a.out",) if not OBJECTS & set(call.arguments) else ()),
    )


def judge_plain(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:  # noqa: ARG001 - one form for all
    """Return what strip and pkg-config do: they have a name of their own for every target."""
    return Verdict(COMPILE, "strip" if call.name == "strip" else "pkg-config")


def _directory(call: Call, word: str) -> str:
    return posixpath.normpath(posixpath.join(call.state.directory or "/", word))


def judge_cmake(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what configuring by CMake does."""
    given = call.value(TOOLCHAIN)
    told = given is not None and (given.told or "xx-" in (given.text or ""))
    if told or _tool_told(family, call):
        return Verdict(COMPILE, "cmake", told=True)
    if given is not None and given.text:
        return trouble(f"{TOOLCHAIN}={given.text} chooses the compiler", "leave it out")
    arguments = call.arguments
    words = [*arguments, *(f"{first}{second}" for first, second in pairwise(arguments))]
    constant = next((word for word in words if _CHOOSING.match(word)), None)
    if constant:
        why = f"{constant} chooses the compiler for the build machine too"
        return trouble(why, "leave it out")
    lists = posixpath.join(_directory(call, _cmake_source(arguments)), "CMakeLists.txt")
    found = find(family.project, stage, step, lists)
    text = family.project.text(found) if found else None
    if text is None:
        why = f"{lists} is not beside the Dockerfile, so what it runs is not known"
        fix = "add the sources by COPY, or pass $(xx-clang --print-cmake-defines) yourself"
        return trouble(why, fix)
    why = _cmake_trouble(family, found or "", text)
    fix = "let CMAKE_CROSSCOMPILING decide there"
    return trouble(why, fix) if why else Verdict(COMPILE, "cmake")


def _cmake_source(arguments: list[str]) -> str:
    """Return the folder with the sources, as a command names it."""
    source = ""
    words = iter(arguments)
    for word in words:
        if word in {"-S", "-H"}:
            return next(words, ".")
        if word[:2] in {"-S", "-H"}:
            return word[2:]
        if word in {"-B", "-G", "-D", "-C", "-T", "-A", "-U"}:
            next(words, None)
        elif not word.startswith("-") and not source:
            source = word
    return source or "."


def _cmake_trouble(family: Family, place: str, text: str) -> str:
    """Return what in the lists of CMake cannot work for another machine, or ""."""
    texts = {place: text}
    folder = posixpath.dirname(place)
    waiting = [(folder, text)]
    while waiting and len(texts) < 200:  # noqa: PLR2004 - enough for any project
        here, known = waiting.pop()
        for name in re.findall(r"\badd_subdirectory\s*\(\s*\"?([\w./\-]+)", known, re.IGNORECASE):
            path = posixpath.normpath(posixpath.join(here, name, "CMakeLists.txt"))
            inner = family.project.text(path)
            if inner is not None and path not in texts:
                texts[path] = inner
                waiting.append((posixpath.dirname(path), inner))
    plain = {path: re.sub(r"(?m)#.*$", "", body) for path, body in texts.items()}
    programs = {name for body in plain.values() for name in _PROGRAM.findall(body)}
    for path, body in plain.items():
        probe = _PROBES.search(body)
        if probe:
            return f"{path} has {probe[0].split('(')[0].strip()}, which looks at the build machine"
        for custom in _CUSTOM.findall(body):
            for command in _COMMAND.findall(custom):
                if command in programs or posixpath.basename(command) in programs:
                    return f"{path} runs {command}, which would be a program of the target"
    return ""


def judge_configure(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what a script configure does: it must be one of Autoconf."""
    arguments = call.arguments
    host = next((word for word in arguments if word.startswith("--host")), None)
    if host is not None:
        value = host.partition("=")[2] or next(iter(arguments[arguments.index(host) + 1 :]), "")
        if call.told(value):
            return Verdict(COMPILE, "configure", told=True)
        return trouble(f"{host} is one machine, whatever the build is for", "leave it out")
    constant = next((word for word in arguments if word.startswith(("CC=", "CXX="))), None)
    if constant:
        return trouble(f"{constant} chooses the compiler", "leave it out")
    return _of_autoconf(family, stage, step, call)


def _of_autoconf(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    path = posixpath.dirname(_directory(call, call.program))
    names = ("configure", "configure.ac", "configure.in")
    found = {name: find(family.project, stage, step, posixpath.join(path, name)) for name in names}
    script = family.project.text(found["configure"]) if found["configure"] else None
    source = found["configure.ac"] or found["configure.in"]
    made = any(entry.call.name in _GENERATING for entry in family.entries)
    if source or made or (script is not None and "Autoconf" in script):
        return Verdict(COMPILE, "configure")
    if script is None:
        why = (
            "whether this configure is one of Autoconf is not known: it is not beside the"
            " Dockerfile"
        )
        return trouble(why, f"pass --host={TRIPLE} CC=xx-clang yourself")
    why = (
        f"{found['configure']} was not made by Autoconf, so how it is told the target is not known"
    )
    return trouble(why, "tell it the target yourself")


def judge_meson(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:
    """Return what configuring by Meson does."""
    if any(word.startswith("--cross-file") for word in call.arguments):
        return Verdict(COMPILE, "meson", told=True)
    words = [word for word in call.arguments[1:] if not word.startswith("-")]
    for folder in [*words[1:2], "."]:
        if find(
            family.project, stage, step, posixpath.join(_directory(call, folder), "meson.build")
        ):
            return Verdict(COMPILE, "meson")
    return trouble(
        "meson.build is not beside the Dockerfile, so what it runs is not known",
        "pass --cross-file yourself",
    )


def judge_configured(family: Family, stage: Stage, step: Step, call: Call) -> Verdict:  # noqa: ARG001 - one form for all
    """Return what building does after it was configured."""
    if any(entry.verdict.how in CONFIGURING for entry in family.entries):
        return Verdict(
            COMPILE, "configured", told=all(entry.verdict.told for entry in family.of(*CONFIGURING))
        )
    if family.configured is not None:
        return Verdict(COMPILE, "configured", told=family.configured)
    return trouble(
        "nothing here says for which machine this build was configured",
        "configure in the same stage",
    )
