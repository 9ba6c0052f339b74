"""Hide what libSystem has only in newer releases of macOS than the oldest that programs run on.

zig's stub of libSystem is that of the newest macOS, and a program that links one of its newer
functions does not start on an older release. ``configure`` would find such functions. The headers
say which they are (``API_AVAILABLE``), as clang reads them
(https://clang.llvm.org/docs/AttributeReference.html#availability).

Names that begin with two underscores stay: only headers use them, and they test whether the release
has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.compiler.base import common
from xxpy.machine import programs
from xxpy.versions import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xxpy.compiler.base.order import Maker

_DECLARED: Final = re.compile(r"^[|`]-(?:Function|Var)Decl .*? (?:used |referenced )?(\w+) '")
_SINCE: Final = re.compile(r"^[| ] [|`]-AvailabilityAttr .*? macos ([1-9][\d.]*) ")
_NAMED: Final = re.compile(r'^[| ] [|`]-AsmLabelAttr .*? "_?([^"]+)"')
_RESERVED: Final = "__"
_SYMBOL: Final = re.compile(r"(?<![\w$.])_([\w$]+)(?![\w$.])")
_HIDDEN: Final = "_xxpy_newer_"
"""What the names of hidden symbols begin with; the lists keep their form."""


def symbols(maker: Maker, headers: Path, work: Path) -> dict[str, str]:
    """Return the C functions and variables of macOS that the oldest release lacks.

    :param headers: the folder with the headers of the system
    :return: their names, each with the first release that has it, such as ``13.0``
    :raises ToolError: clang cannot read the headers
    """
    oldest = numbers(maker.order.target.partition(".")[2])
    return {
        name: since
        for name, since in _since(_syntax(maker, headers, work))
        if numbers(since) > oldest and not name.startswith(_RESERVED)
    }


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
