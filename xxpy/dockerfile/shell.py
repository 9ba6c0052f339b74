"""The commands in the shell text of a RUN instruction, each with the offsets of its words.

tree-sitter's grammar for bash reads them (https://github.com/tree-sitter/tree-sitter-bash), so
quotes, ``&&`` chains, loops, subshells and ``$(…)`` are what a shell takes them for::

    set -eux; CGO_ENABLED=0 go build -o "/out/$name" . && ls
              ^assignments  ^words
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from xxpy import extras
from xxpy.dockerfile.refusal import EXTRA
from xxpy.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node, Parser

    from xxpy.dockerfile.syntax import Instruction

_COMMANDS: Final = frozenset({"command", "declaration_command"})
_LISTS: Final = frozenset(
    {
        "program",
        "list",
        "do_group",
        "subshell",
        "compound_statement",
        "if_statement",
        "else_clause",
        "case_item",
    }
)
"""Where a command may be followed by another."""

_BEFORE: Final[Mapping[str, tuple[int, frozenset[str]]]] = {
    "env": (0, frozenset({"-u", "-C"})),
    "exec": (0, frozenset({"-a"})),
    "time": (0, frozenset()),
    "nice": (0, frozenset({"-n"})),
    "ionice": (0, frozenset({"-c", "-n"})),
    "sudo": (0, frozenset({"-u", "-g"})),
    "command": (0, frozenset()),
    "builtin": (0, frozenset()),
    "nohup": (0, frozenset()),
    "eatmydata": (0, frozenset()),
    "stdbuf": (0, frozenset()),
    "ccache": (0, frozenset()),
    "sccache": (0, frozenset()),
    "timeout": (1, frozenset({"-k", "-s"})),
    "gosu": (1, frozenset()),
    "su-exec": (1, frozenset()),
}
"""Commands that run another command: how many words precede it, and options with a value."""

_OPTIONAL: Final = re.compile(r"\$\{\w+:?\+env [^}]*(?:\$\{\w+\}[^}]*)*\}", re.DOTALL)
"""``${A:+env A="$A"}`` in front of a command."""

_STARTERS: Final[Mapping[str, frozenset[str]]] = {
    "xargs": frozenset({"-n", "-I", "-P", "-d", "-L", "-a", "-E", "-s"}),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command: its value without quotes, variables unexpanded, and its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command.

    :param assignments: ``NAME=VALUE`` words in front of it
    :param words: the name and its arguments
    :param start: where it begins, its assignments included
    :param end: where it ends, without redirections
    :param tail: where ``&& another command`` may follow, or -1 where it may not, as in a pipe
    """

    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    start: int
    end: int
    tail: int = -1

    @property
    def name(self) -> str:
        """The last part of the name, ``gcc`` for ``/usr/bin/gcc``; "" for only assignments."""
        return self.words[0].text.rpartition("/")[2] if self.words else ""

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words behind the name."""
        return self.words[1:]

    @property
    def verb(self) -> str:
        """The first argument that is not an option or a ``+toolchain``."""
        return next((word.text for word in self.arguments if word.text[:1] not in {"-", "+"}), "")

    def variables(self) -> dict[str, str]:
        """Return the assignments in front of the command."""
        return dict(word.text.partition("=")[::2] for word in self.assignments)


@dataclass(frozen=True, slots=True)
class Script:
    """The shell text of an instruction: its commands, and whether all of it could be read."""

    commands: tuple[Command, ...]
    whole: bool


def read(instruction: Instruction) -> Script:
    """Return the commands of a RUN instruction, in order; other instructions have none.

    :raises ToolError: the shell's parser is not installed
    """
    if instruction.keyword != "RUN":
        return Script((), whole=True)
    if instruction.is_json:
        return Script((_exec_form(instruction),), whole=True)
    commands: list[Command] = []
    whole = True
    for start, end in instruction.scripts():
        text = instruction.flat[start:end]
        root = tree(text)
        whole = whole and not root.has_error
        commands += _commands(root, text, start)
    return Script(tuple(commands), whole or not commands)


def _exec_form(instruction: Instruction) -> Command:
    """Return the command of ``RUN ["go", "build"]``; its words are where their JSON strings are."""
    words = []
    place = instruction.body
    for text, found in zip(
        instruction.words, re.finditer(r'"(?:[^"\\]|\\.)*"', instruction.flat[place:]), strict=False
    ):
        words.append(Word(text, place + found.start() + 1, place + found.end() - 1))
    return _unwrapped(
        Command(
            (), tuple(words), words[0].start if words else place, words[-1].end if words else place
        )
    )


def tree(text: str) -> Node:
    """Return the tree of a script; its offsets are those of the text.

    :raises ToolError: the shell's parser is not installed
    """
    # One byte a character, so that the parser's offsets are ours; what is replaced can only be part
    # of a word.
    return _parser().parse(re.sub(r"[^\x00-\x7f]", "_", text).encode("ascii")).root_node


@cache
def _parser() -> Parser:
    try:
        import tree_sitter_bash  # noqa: PLC0415 - an extra
        from tree_sitter import Language, Parser  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise ToolError(
            "the parser of shell commands is not installed", extras.command(EXTRA)
        ) from error
    return Parser(Language(tree_sitter_bash.language()))


def _commands(root: Node, text: str, shift: int) -> list[Command]:
    found: list[Command] = []
    waiting: list[tuple[Node, tuple[Node | None, Node | None]]] = [(root, (None, None))]
    while waiting:
        node, above = waiting.pop()
        if node.type in _COMMANDS:
            read_one = command(node, above, text, shift)
            if read_one.words or read_one.assignments:
                found.append(read_one)
        waiting += [(child, (node, above[0])) for child in reversed(node.children)]
    return found


def command(node: Node, above: tuple[Node | None, Node | None], text: str, shift: int) -> Command:
    """Return a command; *above* are its parent and grandparent.

    A node finds those only by a search from the root.
    """
    assignments: list[Word] = []
    words: list[Word] = []
    for child in node.children:
        if "redirect" in child.type:
            continue
        raw = text[child.start_byte : child.end_byte]
        word = Word(value(raw), shift + child.start_byte, shift + child.end_byte)
        if child.type == "variable_assignment" and not words:
            assignments.append(word)
        else:
            words.append(word)
    last = (words or assignments)[-1].end if words or assignments else shift + node.end_byte
    whole, outer = node, above[0]
    if outer and outer.type == "redirected_statement":
        whole, outer = outer, above[1]
    follows = outer is not None and outer.type in _LISTS
    return _unwrapped(
        Command(
            tuple(assignments),
            tuple(words),
            shift + node.start_byte,
            last,
            shift + whole.end_byte if follows else -1,
        )
    )


def _unwrapped(command: Command) -> Command:
    """Return the command that ``env``, ``exec``, ``time`` and the like start."""
    assignments, words = list(command.assignments), list(command.words)
    while len(words) > 1 and _OPTIONAL.fullmatch(words[0].text):
        words.pop(0)
    while words and (name := words[0].text.rpartition("/")[2]) in _BEFORE:
        if len(words) > 1 and words[1].text in {"-v", "-V"} and name == "command":
            break
        own, valued = _BEFORE[name]
        words.pop(0)
        while words and (words[0].text.startswith("-") or "=" in words[0].text or own):
            word = words.pop(0)
            if word.text in valued and words:
                words.pop(0)
            elif "=" in word.text and not word.text.startswith("-"):
                assignments.append(word)
            elif not word.text.startswith("-"):
                own -= 1
    return (
        Command(tuple(assignments), tuple(words), command.start, command.end, command.tail)
        if words
        else command
    )


def started(command: Command) -> Command | None:
    """Return the command that ``xargs`` or ``find -exec`` starts, as written; None for others."""
    words = list(command.words)
    if command.name == "find":
        place = next(
            (n for n, word in enumerate(words) if word.text in {"-exec", "-execdir", "-ok"}), 0
        )
        inner = words[place + 1 :] if place else []
        end = next(
            (n for n, word in enumerate(inner) if word.text in {";", "\\;", "+"}), len(inner)
        )
        inner = inner[:end]
    elif command.name in _STARTERS:
        inner = words[1:]
        while inner and inner[0].text.startswith("-"):
            option = inner.pop(0)
            if option.text in _STARTERS[command.name] and inner:
                inner.pop(0)
    else:
        return None
    return _unwrapped(Command((), tuple(inner), inner[0].start, inner[-1].end)) if inner else None


def value(raw: str) -> str:
    """Return a word without its quotes; one that only a shell could take apart stays as it is."""
    try:
        parts = shlex.split(raw)
    except ValueError:
        return raw
    return parts[0] if len(parts) == 1 else raw
