"""Which packages a family installs, also where a variable names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile.convert.family import LEFT, Note
from xxpy.dockerfile.values import Value, expand, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xxpy.dockerfile.convert.family import Entry, Family
    from xxpy.dockerfile.shell import Word

_COMPUTED: Final = re.compile(r"\$\(|`|\$[{A-Za-z_@*]")
_PINNED: Final = re.compile(r"^[\w.+\-]+[=<>~@/]")
"""A package whose name is written, with a version."""


def named(family: Family, entry: Entry) -> Iterator[tuple[str, Word | None]]:
    """Yield the packages that a command installs, each with its word, where one word is one.

    Those in a variable are known by its value: of ENV, of a default of ARG, or of the shell.
    """
    manager = family.tools.manager_of(entry.call.command)
    if manager is None:
        return
    for word in entry.call.command.arguments:
        if word.text.startswith("-") or word.text == manager.verb:
            continue
        if not _is_computed(word):
            yield word.text, word
        else:
            for text in (_value(entry, word).text or "").split():
                yield text, None


def unclear(family: Family) -> Note | None:
    """Return why it is not known which packages the target needs, or None."""
    for entry in family.entries:
        if family.tools.manager_of(entry.call.command) is None:
            continue
        for word in entry.call.command.arguments:
            if word.text.startswith("-") or not _is_computed(word):
                continue
            if _value(entry, word).text is None:
                return Note(
                    entry.line,
                    f"{LEFT}: {entry.call.name}: which packages {word.text} names, only the build"
                    " shows; write their names, so that those for the target can be told from"
                    " tools",
                )
    return None


def _is_computed(word: Word) -> bool:
    """Whether a variable or a command has the name of a package."""
    return bool(_COMPUTED.search(word.text)) and not _PINNED.match(word.text)


def _value(entry: Entry, word: Word) -> Value:
    """Return a word, in which an ARG without a default is empty, as a build has it."""
    values = dict(entry.call.state.values)
    bare = {
        name
        for parent in entry.stage.ancestors()
        for step in parent.steps
        if step.instruction.keyword == "ARG"
        for name in step.instruction.words
        if "=" not in name
    }
    for name in names(word.text) & bare:
        known = values.get(name)
        if known is not None and known.text is None and not known.told:
            values[name] = Value("")
    return expand(word.text, values)
