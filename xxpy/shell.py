r"""Shell scripts from plain sources: files that they share, and tables between markers.

A source is a script that an editor, shellcheck and shfmt understand. Three kinds of lines in it
mean something to :func:`assemble`, each alone in its line::

    . ./target.sh         the text of that file, once in a script
    # table: rows         what follows up to the end is an example; the lines of the table
    # end                 take its place, as far to the right as the marker is

What comes out has none of these lines, so it works as the only file there is. Values enter a table
through :func:`quote`, :func:`name` and :func:`patterns`, which refuse what a shell would read as
something else.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xxpy.errors import InstallationError, TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Lines = Sequence[str]
    Tables = Mapping[str, Lines]

_NAME: Final = re.compile(r"[A-Za-z0-9_.+/-]+")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PATTERN: Final = re.compile(r"(?:[A-Za-z0-9_.+/:=*-]|\[:/\])+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")

_INCLUDE: Final = re.compile(r"\. \./(?P<file>[A-Za-z0-9_-]+\.sh)")
_TABLE: Final = re.compile(r"(?P<indent> *)# table: (?P<name>[a-z0-9-]+)")
_END: Final = re.compile(r" *# end")
_MARKER: Final = re.compile(r"\s*(?:#\s*[a-z]+: [\w./-]+|#\s*end|\.\s.*)\s*")
"""What looks like a marker, or like the including of a file."""


def name(value: object) -> str:
    """Return *value* if it is a word that means itself anywhere in a script.

    :raises TableError: it is not
    """
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise TableError([f"{value!r} cannot be a name in a script"])
    return value


def variable(value: str) -> str:
    """Return *value* if it can be the name of a variable.

    :raises TableError: it cannot
    """
    if not _VARIABLE.fullmatch(value):
        raise TableError([f"{value!r} cannot be the name of a variable"])
    return value


def quote(value: object) -> str:
    """Return *value* as one word of a script, in one line.

    >>> quote("two words")
    "'two words'"

    :raises TableError: there is a control character in it
    """
    text = str(value)
    if _CONTROL.search(text):
        raise TableError([f"{text!r} cannot be in one line of a script"])
    return shlex.quote(text)


def setting(facts: Iterable[tuple[str, str]]) -> str:
    """Return the code that sets variables.

    >>> setting([("xx_word", "x86_64"), ("xx_note", "two words")])
    "xx_word=x86_64 xx_note='two words'"
    """
    return " ".join(f"{variable(name)}={quote(value)}" for name, value in facts)


def pattern(value: str) -> str:
    """Return *value* if it is a pattern of words with ``*`` and ``[:/]``.

    :raises TableError: it is not
    """
    if not _PATTERN.fullmatch(value):
        raise TableError([f"{value!r} cannot be a pattern in a script"])
    return value


def patterns(values: Iterable[str]) -> str:
    """Return the patterns of one branch of a ``case``.

    >>> patterns(["linux/arm64:*", "linux/arm"])
    'linux/arm64:* | linux/arm'

    No pattern at all is the empty one, which nothing that a script looks up is equal to.
    """
    return " | ".join(pattern(value) for value in values) or "''"


@dataclass(frozen=True, slots=True)
class Marker:
    """A line that stands for others.

    :param file: what is included, or "" for a table
    :param table: the name of the table, or ""
    :param example: the lines in the source that the table takes the place of
    """

    line: int
    indent: str = ""
    file: str = ""
    table: str = ""
    example: tuple[str, ...] = ()


def parse(file: str, source: str) -> list[str | Marker]:
    """Return the lines of a source, each text or a marker.

    :raises InstallationError: a marker is unknown, or a table has no end
    """
    found: list[str | Marker] = []
    text = source if source.endswith("\n") or not source else f"{source}\n"
    lines = enumerate(text.split("\n")[:-1], 1)
    for number, line in lines:
        if marker := _TABLE.fullmatch(line):
            rows = tuple(_until_end(file, line, lines))
            found.append(Marker(number, marker["indent"], table=marker["name"], example=rows))
        elif marker := _INCLUDE.fullmatch(line):
            found.append(Marker(number, file=marker["file"]))
        elif _MARKER.fullmatch(line):
            raise _fault(f"{file}:{number}", f"unknown marker: {line.strip()}")
        else:
            found.append(line)
    return found


def _until_end(file: str, opened: str, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    """Yield the lines up to the end of a table, without their indentation."""
    for number, line in lines:
        if _END.fullmatch(line):
            return
        if _MARKER.fullmatch(line):
            where = f"{file}:{number}"
            raise _fault(where, f"{opened.strip()} is not ended before {line.strip()}")
        yield line.strip()
    raise _fault(file, f"{opened.strip()} is not ended")


def assemble(file: str, sources: Mapping[str, str], tables: Callable[[str], Tables]) -> str:
    """Return the script whose source is *file*, with all that it includes.

    :param sources: the text of every source by the name of its file, such as ``target.sh``
    :param tables: gives the tables of a file by its name without ``.sh``; the file inserts all of
        them
    :raises InstallationError: a file or a table is missing, a file is included twice, a table
        never, or a marker is unknown
    """
    lines = _lines(file, file, sources, tables, set())
    return "".join(f"{line}\n" for line in lines)


def _lines(
    file: str,
    where: str,
    sources: Mapping[str, str],
    tables: Callable[[str], Tables],
    included: set[str],
) -> Iterator[str]:
    """Yield the lines of a file with all that belongs in it.

    :param where: the line that includes it, for errors
    :param included: the files that the script has, to which this one is added
    """
    if file not in sources:
        raise _fault(where, f"there is no {file}")
    if file in included:
        raise _fault(where, f"{file} is included twice")
    included.add(file)
    given = tables(file.removesuffix(".sh"))
    inserted = set()
    for line in parse(file, sources[file]):
        if isinstance(line, str):
            yield line
        elif line.file:
            yield from _lines(line.file, f"{file}:{line.line}", sources, tables, included)
        elif line.table not in given:
            raise _fault(f"{file}:{line.line}", f"there is no table {line.table}")
        else:
            inserted.add(line.table)
            yield from (f"{line.indent}{row}" for row in given[line.table])
    if left := given.keys() - inserted:
        raise _fault(file, f"it does not insert its tables: {', '.join(sorted(left))}")


def _fault(where: str, what: str) -> InstallationError:
    return InstallationError(
        f"a script cannot be assembled: {where}: {what}",
        "install xxpy again, from where it came",
    )


def headed(script: str, *comments: str) -> str:
    r"""Return a script with comments behind its first line.

    >>> headed("#!/bin/sh\nexit\n", "Does nothing.")
    '#!/bin/sh\n# Does nothing.\nexit\n'

    :raises TableError: there is a control character in a comment
    """
    if unfit := next((comment for comment in comments if _CONTROL.search(comment)), None):
        raise TableError([f"{unfit!r} cannot be in one line of a script"])
    first, _, rest = script.partition("\n")
    return "".join(f"{line}\n" for line in (first, *(f"# {text}" for text in comments))) + rest
