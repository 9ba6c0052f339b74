"""Hide what only newer releases of libc have than the oldest that programs run on.

zig's headers are those of the newest glibc and of the newest macOS. A project that has a function
of its own for systems without it, which ``configure`` chooses, must not meet another declaration.
So headers declare such functions under other names.

zig's stubs of glibc have only the functions of the release that was asked for. Some of the newer
ones, those of the resolver, are there under the names that they had before, by which the headers of
that release called them: ``__res_send`` for ``res_send``. The headers do so again. zig's stub of
libSystem is that of the newest macOS, and a program that links one of its newer functions does not
start on an older release. macOS's headers say which they are (``API_AVAILABLE``), as clang reads
them (https://clang.llvm.org/docs/AttributeReference.html#availability).

Names that begin with underscores stay in headers, and those with two in libSystem: headers use
them, and test whether the release has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import builtins, common
from xxpy.machine import programs
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from xxpy.compiler.base.order import Maker

_DECLARED: Final = re.compile(r"^[|`]-(?:Function|Var)Decl .*? (?:used |referenced )?(\w+) '")
_SINCE: Final = re.compile(r"^[| ] [|`]-AvailabilityAttr .*? macos ([1-9][\d.]*) ")
_NAMED: Final = re.compile(r'^[| ] [|`]-AsmLabelAttr .*? "_?([^"]+)"')
_RESERVED: Final = "__"
_CALLED: Final = re.compile(r"\b([A-Za-z]\w+)\s*\(")
"""A name that is declared or called; glibc's headers for mathematics make words of others."""
_MEANT: Final = re.compile(r"(?:#\s*define|\bstruct|\bunion|\benum)\s+([A-Za-z]\w+)")
_REDIRECTED: Final = re.compile(
    r"__REDIRECT\w*\s*\(\s*(?P<name>[a-z]\w+)\s*,[^;]*?\)\s*,\s*(?P<symbol>\w+)\s*\)"
)
"""How glibc declares a function whose symbol has another name."""
_OTHER: Final = "xxpy_newer_"
_FRAME: Final = "#ifndef __ASSEMBLER__\n{0}#endif\n{1}\n#ifndef __ASSEMBLER__\n{2}#endif\n"
_SYMBOL: Final = re.compile(r"(?<![\w$.])_([\w$]+)(?![\w$.])")
_HIDDEN: Final = f"_{_OTHER}"
"""What the names of hidden symbols begin with; the lists keep their form."""


def symbols(maker: Maker, headers: Path, work: Path) -> dict[str, str]:
    """Return the C functions and variables of macOS that the oldest release lacks.

    :param headers: the folder with the headers of the system
    :return: their names, each with the first release that has it, such as ``13.0``
    :raises ToolError: clang does not say since when functions exist
    """
    oldest = numbers(maker.order.target.partition(".")[2])
    introduced = list(_since(_syntax(maker, headers, work)))
    if not introduced:
        raise common.unknown(
            f"the clang of zig {maker.zig.version} does not say since when macOS has functions"
        )
    return {
        name: since
        for name, since in introduced
        if numbers(since) > oldest and not name.startswith(_RESERVED)
    }


def of_glibc(
    newest: Iterable[Path], oldest: Iterable[Path], linked: Iterable[Path]
) -> dict[str, str]:
    """Return the names that the newest libraries have and the oldest have not, each with another.

    That is the name that the function had before, or one that does not exist.

    :param newest: zig's stubs of the newest glibc
    :param oldest: those of the oldest glibc that programs run on
    :param linked: archives that every program is linked with, which may have them, such as ``stat``
    """
    inside = b"\0".join(path.read_bytes() for path in linked)
    known = {name for path in oldest for name in builtins.dynamic_symbols(path.read_bytes())}
    names = {name for path in newest for name in builtins.dynamic_symbols(path.read_bytes())}
    return {
        name: _before(name) if _before(name) in known else concealed(name)
        for name in names - known
        if not name.startswith("_") and b"\0%s\0" % name.encode() not in inside
    }


def _before(name: str) -> str:
    """Return the name that a function of glibc had before it became one for all programs."""
    return f"{_RESERVED}{name}"


def concealed(name: str) -> str:
    """Return the name under which headers declare a function that does not exist."""
    return f"{_OTHER}{name}"


def conceal(headers: Iterable[Path], others: Mapping[str, str]) -> None:
    """Let headers declare some functions under other names.

    Their text stays between lines that define these names as macros and restore them; the macro of
    a name that exists stays. A name that a header defines as a macro, or that a type has as well,
    stays what it is.

    :param others: the names, each with the other one
    """
    texts = {path: path.read_text("utf-8", "surrogateescape") for path in headers}
    names = others.keys() - set().union(*map(_MEANT.findall, texts.values()))
    for path, text in texts.items():
        redirected = {one["name"] for one in _REDIRECTED.finditer(text) if one["symbol"] in names}
        found = sorted(redirected | {word for word in _CALLED.findall(text) if word in names})
        if found:
            around = [_around(name, others.get(name, concealed(name))) for name in found]
            before, after = ("".join(lines) for lines in zip(*around, strict=True))
            path.write_text(_FRAME.format(before, text, after), "utf-8", "surrogateescape")


def _around(name: str, other: str) -> tuple[str, str]:
    """Return the lines before and after the text in which a function has another name."""
    define = f"#undef {name}\n#define {name} {other}\n"
    if other == concealed(name):
        return f'#pragma push_macro("{name}")\n{define}', f'#pragma pop_macro("{name}")\n'
    return define, ""


def hide(text: str, newer: Mapping[str, str]) -> str:
    """Return the stub of a library without some symbols.

    >>> hide("symbols: [ _pipe, _pipe2 ]", {"pipe2": "27.0"})
    'symbols: [ _pipe, _xxpy_newer_pipe2 ]'
    """
    return _SYMBOL.sub(
        lambda found: f"{_HIDDEN}{found[1]}" if found[1] in newer else found[0], text
    )


def _syntax(maker: Maker, headers: Path, work: Path) -> str:
    """Return the syntax tree of all headers that can be included."""
    # A header with the name of its folder includes the others, some of which refuse to be included.
    files = sorted(headers.rglob("*.h"), key=lambda path: (path.stem != path.parent.name, path))
    source = work / "all.c"
    source.write_text("".join(f"#include <{path.relative_to(headers)}>\n" for path in files))
    include = ("-nostdinc", "-isystem", str(common.headers(maker.zig) / "clang"))
    # A few headers want to be included by others, so errors are expected.
    kind = ("-w", "-ferror-limit=0", "-fsyntax-only", "-Xclang", "-ast-dump")
    words = (f"--target={maker.order.triple}", *include, "-isystem", str(headers), *kind)
    command = (maker.zig.program, "clang", "--no-default-config", *words, str(source))
    return programs.watch(command, maker.tick, environment=maker.environment).output


def _since(tree: str) -> Iterator[tuple[str, str]]:
    """Yield the names of functions and variables, each with the release that introduced it."""
    name = ""
    for line in tree.splitlines():
        declared = _DECLARED.match(line) if line[:2] in {"|-", "`-"} else None
        if declared is not None:
            name = declared[1]
        elif line[:2] in {"|-", "`-"}:
            name = ""
        elif name and (named := _NAMED.match(line)):
            name = named[1]
        elif name and (since := _SINCE.match(line)):
            yield name, since[1]
