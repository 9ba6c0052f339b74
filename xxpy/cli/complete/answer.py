"""Answer a shell that completes a line.

The script of the shell (``templates/completion``) sets two variables and calls ``xxpy``:
_XXPY_COMPLETE to anything, and _XXPY_LINE to the line up to the cursor. The first line of the
answer says what completes the word: ``words``, ``files`` or ``folders``. Each further line is a
whole word, a tab, and what it means.

This module imports only what a bare interpreter has loaded already.
"""

from __future__ import annotations

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs 10 ms
_FILES = {"files", "folders"}
_LISTS = {"platforms"}
"""The kinds whose values are separated by commas and may begin with an exclamation mark."""
_COMMANDS = "commands"
_SYSROOTS = "sysroots"


def main() -> None:
    """Print the answer for the line in the environment."""
    answered = answer(os.environ.get("_XXPY_LINE", ""))
    sys.stdout.write("".join(f"{line}\n" for line in answered))


def answer(line: str) -> list[str]:
    """Return the lines of the answer for a line up to the cursor."""
    words = split(line)
    while words and os.path.basename(words.pop(0)) != "xxpy":  # noqa: PTH119
        pass  # what is before it on the line
    if not words:
        return ["words"]
    return _complete(_read(), words[:-1], words[-1])


def split(line: str) -> list[str]:
    r"""Return the words of a line, of which the last may be empty or unfinished.

    >>> split("xxpy build 'a b' c\\ d ")
    ['xxpy', 'build', 'a b', 'c d', '']
    """
    words = [""]
    quote = ""
    escaped = False
    for character in line:
        if escaped or (quote == "'" and character != quote):
            words[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif quote:
            if character == quote:
                quote = ""
            else:
                words[-1] += character
        elif character in "'\"":
            quote = character
        elif character in " \t\n":
            if words[-1]:
                words.append("")
        else:
            words[-1] += character
    return words


class Command:
    """What the index has about one command.

    :ivar options: of each name, the kind of its value ("" for a flag) and what it means
    :ivar arguments: the kinds of its arguments; that of the last one is repeated if it ends in
        ``...``
    :ivar commands: the commands below it, each with its summary
    """

    def __init__(self) -> None:
        self.options: dict[str, tuple[str, str]] = {}
        self.arguments: list[str] = []
        self.commands: dict[str, str] = {}


class Index:
    """The whole index.

    :ivar commands: by their words
    :ivar values: the values of each kind, each with what it means
    """

    def __init__(self) -> None:
        self.commands: dict[str, Command] = {}
        self.values: dict[str, dict[str, str]] = {}


def _read() -> Index:
    """Read the index, or make it again if the user has a table of his own."""
    if os.environ.get("XXPY_TOOLCHAINS"):
        from xxpy.cli.complete import index  # noqa: PLC0415 - imports all commands

        return parse(index.text())
    with open(f"{_FOLDER}/index.txt", encoding="utf-8") as file:  # noqa: PTH123
        return parse(file.read())


def parse(text: str) -> Index:
    """Read the text of an index: a line for each thing, with its fields separated by tabs."""
    found = Index()
    for line in text.splitlines():
        sort, name, *rest = line.split("\t")
        if sort == "value":
            found.values.setdefault(name, {})[rest[0]] = rest[1]
            continue
        command = found.commands.setdefault(name, Command())
        if sort == "option":
            for one in rest[0].split():
                command.options[one] = (rest[1], rest[2])
        elif sort == "argument":
            command.arguments.append(rest[0])
        else:
            command.commands[rest[0]] = rest[1]
    return found


class Place:
    """Where the cursor is.

    :ivar name: the words of the command
    :ivar waiting: the kind of the value that the option before it takes, or ""
    :ivar count: how many arguments are before it
    :ivar only_arguments: whether a ``--`` is before it
    """

    def __init__(self, index: Index, before: list[str]) -> None:
        self.name = self.waiting = ""
        self.count = 0
        self.only_arguments = False
        for word in before:
            self._pass(index.commands[self.name], word)

    def _pass(self, command: Command, word: str) -> None:
        if self.waiting:
            self.waiting = ""
        elif self.only_arguments:
            self.count += 1
        elif word == "--":
            self.only_arguments = True
        elif word.startswith("-") and len(word) > 1:
            self.waiting = command.options.get(word, ("", ""))[0]
        elif word in command.commands and not self.count:
            self.name = f"{self.name} {word}".strip()
        else:
            self.count += 1


def _complete(index: Index, before: list[str], word: str) -> list[str]:
    """Return the answer for *word* after the words *before*."""
    place = Place(index, before)
    command = index.commands[place.name]
    if place.waiting:
        return _values(index, place.waiting, "", word)
    if word.startswith("-") and not place.only_arguments:
        option, equals, value = word.partition("=")
        if equals:
            kind = command.options.get(option, ("", ""))[0]
            return _values(index, kind, f"{option}=", value)
        return _matching({one: text for one, (_, text) in command.options.items()}, word)
    found = [] if place.count else _matching(command.commands, word)[1:]
    last = [one for one in command.arguments[-1:] if "..." in one]
    kinds = command.arguments[place.count :] or last
    kind = kinds[0].removesuffix("...") if kinds else ""
    if kind == _COMMANDS:
        above = index.commands.get(" ".join(before[len(place.name.split()) :]))
        return _matching({} if above is None else above.commands, word)
    first, *others = _values(index, kind, "", word)
    return [first, *found, *others]


def _values(index: Index, kind: str, option: str, word: str) -> list[str]:
    """Return the answer for a value.

    :param option: what is before it in its word, such as ``--platform=``
    """
    if kind in _FILES:
        return [kind]
    before = option
    if kind in _LISTS:
        listed, comma, word = word.rpartition(",")
        before += listed + comma
        if word.startswith("!"):
            before, word = f"{before}!", word[1:]
    known = _sysroots() if kind == _SYSROOTS else index.values.get(kind, {})
    first, *others = _matching(known, word)
    return [first, *(before + one for one in others)]


def _matching(words: dict[str, str], begin: str) -> list[str]:
    return ["words", *(f"{one}\t{text}" for one, text in words.items() if one.startswith(begin))]


def _sysroots() -> dict[str, str]:
    """Return the names of the sysroots in the cache, each with its target."""
    home = os.environ.get("XDG_CACHE_HOME") or f"{os.environ.get('HOME', '')}/.cache"
    place = f"{home}/xxpy/sysroots"
    found: dict[str, str] = {}
    try:
        for target in sorted(os.listdir(place)):  # noqa: PTH208
            if target != "trees":
                found |= dict.fromkeys(sorted(os.listdir(f"{place}/{target}")), target)  # noqa: PTH208
    except OSError:
        return found
    return found
