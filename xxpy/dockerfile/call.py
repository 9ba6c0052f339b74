"""A command that a script runs, and what reaches it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xxpy.dockerfile.values import TOLD, Value, expand, mentions_target, written

if TYPE_CHECKING:
    from xxpy.dockerfile.shell import Command, Word
    from xxpy.dockerfile.values import State


@dataclass(frozen=True, slots=True)
class Call:
    """A command, and what reaches it.

    :param command: with the offsets of its words in the instruction
    :param state: its variables include those in front of it
    :param captured: its output becomes a part of another command
    :param before: the command whose output it reads through a pipe
    :param exec_form: an instruction in exec form starts it, without a shell
    :param outputs: files that it is redirected to, as they are written
    :param started: another command starts it, so that no variable can be put in front of it
    """

    command: Command
    state: State
    captured: bool = False
    before: Command | None = None
    exec_form: bool = False
    outputs: tuple[str, ...] = ()
    started: bool = False

    def value(self, name: str) -> Value | None:
        """Return a variable of its environment."""
        found = self.state.environment(name)
        if found is not None and self.state.told and name in self.command.variables():
            return Value(found.text, told=True)
        return found

    def text(self, word: Word) -> str:
        """Return a word with the variables that are known."""
        return written(word.text, self.state.values)

    def told(self, text: str) -> bool:
        """Whether the target decides a text."""
        return mentions_target(text, self.state)

    @property
    def name(self) -> str:
        """The name of the command, with variables that are known."""
        return self.program.rpartition("/")[2]

    @property
    def program(self) -> str:
        """The word that names the command, with variables that are known."""
        if not self.command.words:
            return ""
        word = self.command.words[0]
        return expand(word.text, self.state.values).text or self.text(word)

    @property
    def named(self) -> Command:
        """The command with its name filled in, where a variable has it."""
        first, *others = self.command.words or (None,)
        if first is None or "$" not in first.text:
            return self.command
        return replace(self.command, words=(replace(first, text=self.program), *others))

    @property
    def arguments(self) -> list[str]:
        """Its arguments, with variables that are known."""
        return [self.text(word) for word in self.command.arguments]


def kept_by(call: Call) -> dict[str, Value]:
    """Return the variables that a command writes to a file of its tool."""
    words = call.command.arguments
    if call.name == "xx-go" and any(word.text == "--wrap" for word in words):
        return dict.fromkeys(("GOOS", "GOARCH"), TOLD)
    if call.name == "xx-clang" and any(word.text == "--wrap" for word in words):
        return {"clang": TOLD}
    if call.name != "go" or [word.text for word in words[:2]] != ["env", "-w"]:
        return {}
    pairs = (word.text.partition("=") for word in words[2:])
    return {name: expand(text, call.state.values) for name, _, text in pairs}
