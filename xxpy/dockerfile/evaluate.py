"""Follow a shell script without running it: its commands, their variables and folders.

The tree is that of :mod:`xxpy.dockerfile.shell`. Scopes are the shell's: a subshell, a part of a
pipe and ``$(…)`` change nothing outside, ``export`` and words in front of a command reach its
environment, branches are joined. ``sh -c "…"`` is a script of its own, and so is what ``xargs`` and
``find -exec`` start.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile import shell
from xxpy.dockerfile.call import Call, kept_by
from xxpy.dockerfile.values import (
    PARAMETERS,
    TOLD,
    UNKNOWN,
    Value,
    expand,
    mentions_target,
    names,
    parameters,
    shifted,
)
from xxpy.dockerfile.walk import TooMuchError, Walker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from xxpy.dockerfile.shell import Word
    from xxpy.dockerfile.syntax import Instruction
    from xxpy.dockerfile.values import State

_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_SOURCED: Final = ("GOOS", "GOARCH", "CARGO_BUILD_TARGET")
"""What a file that the target decides is taken to set where it is read by ``.``."""
_THROUGH: Final = re.compile(r"\. (?P<file>\S+) && exec \\?\"\$@\\?\"")
"""How the exec form reads such a file first."""
_DECLARING: Final = frozenset({"export", "declare", "typeset", "local", "readonly"})


class Follower(Walker):
    """Follows one script: what reaches each command, and what it changes."""

    def run(self, start: int, end: int) -> None:
        """Follow the script from *start* to *end* of the text."""
        self.script = self.text[start:end]
        root = shell.tree(self.script)
        self.whole = self.whole and not root.has_error
        try:
            self.walk(root, (None, None), start)
        except TooMuchError:
            self.whole = False

    def defined(
        self,
        node: Node,
        above: tuple[Node | None, Node | None],  # noqa: ARG002 - one form for all
        shift: int,
    ) -> None:
        """Keep a function until it is called."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name and body:
            self.functions[self._of(name, shift)] = body

    def assigned(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Set variables of the shell."""
        self.inside(node, above, shift)
        pairs = [node] if node.type == "variable_assignment" else node.children
        self.state = self.state.with_values(self._pairs(self._of(pair, shift) for pair in pairs))

    def _pairs(self, texts: Iterable[str]) -> dict[str, Value]:
        """Return the values of assignments; under a test of the target, they depend on it."""
        found = dict(self._pair(text) for text in texts)
        if not self.state.told:
            return found
        return {name: Value(value.text, told=True) for name, value in found.items()}

    def _pair(self, text: str) -> tuple[str, Value]:
        name, _, raw = text.partition("=")
        value = self._value(raw)
        if name.endswith("+"):
            old = self.state.values.get(name[:-1], Value(""))
            whole = None if old.text is None or value.text is None else old.text + value.text
            return name[:-1], Value(whole, old.told or value.told)
        return name, value

    def _value(self, raw: str) -> Value:
        if raw.startswith("'"):
            return Value(shell.value(raw))
        found = expand(shell.value(raw), self.state.values)
        return Value(found.text, found.told or mentions_target(raw, self.state))

    def command(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow a command: what reaches it, and what it changes."""
        self.inside(node, above, shift)
        command = shell.command(node, above, self.script, shift)
        if not command.words:
            return
        before = {name: self._value(raw) for name, raw in command.variables().items()}
        state = self.state.with_values(before, export=True)
        call = Call(command, state, captured=self.captured, before=self.before)
        name = call.name
        if name in self.functions and name not in self.running:
            self._function(call, above, shift)
            return
        self.calls.append(call)
        if name in _DECLARING:
            fresh = self._pairs(self._raw(word) for word in command.arguments if "=" in word.text)
            named = {
                word.text for word in command.arguments if re.fullmatch(r"[A-Za-z_]\w*", word.text)
            }
            self.state = self.state.with_values(fresh, export=name == "export")
            if name == "export":
                self.state = replace(self.state, exported=self.state.exported | named)
        elif name == "unset":
            gone = {word.text for word in command.arguments}
            left = {key: value for key, value in self.state.values.items() if key not in gone}
            self.state = replace(self.state, values=left)
        elif name == "shift" or (name == "set" and _replaces_arguments(call.arguments)):
            self.state = self.state.with_values(shifted(self.state.values))
        elif name in {"cd", "pushd"}:
            self.state = replace(self.state, directory=self._moved(call))
        else:
            self.state = replace(self.state, kept={**self.state.kept, **kept_by(call)})
            if name in {".", "source"} and set(call.arguments[:1]) & self.state.files:
                self.state = self.state.with_values(dict.fromkeys(_SOURCED, TOLD), export=True)
            self.nested(call)

    def _raw(self, word: Word) -> str:
        """Return an assignment as it is written, with quotes."""
        return self.text[word.start : word.end]

    def _function(self, call: Call, above: tuple[Node | None, Node | None], shift: int) -> None:
        own = {name: self.state.values.get(name) for name in PARAMETERS}
        given = parameters(self._argument(self._raw(word)) for word in call.command.arguments)
        self.state = self.state.with_values(given)
        self.running.add(call.name)
        self.walk(self.functions[call.name], above, shift)
        self.running.discard(call.name)
        left = {name: value for name, value in self.state.values.items() if name not in own}
        again = {name: value for name, value in own.items() if value is not None}
        self.state = replace(self.state, values={**left, **again})

    def _argument(self, raw: str) -> Value:
        """Return an argument; one of a variable may differ when the image is built."""
        value = self._value(raw)
        return value if names(raw) <= set(PARAMETERS) else Value(None, value.told)

    def _moved(self, call: Call) -> str:
        words = [text for text in call.arguments if not text.startswith("-")]
        if len(words) != 1 or "$" in words[0] or not self.state.directory:
            return ""
        return self._path(words[0])

    def nested(self, call: Call) -> None:
        """Follow what a command starts: the text after ``-c`` of a shell, xargs and find."""
        words = call.command.words
        if call.name in _SHELLS:
            place = next(
                (n for n, word in enumerate(words) if re.fullmatch(r"-[a-z]*c", word.text)), 0
            )
            if place and place + 1 < len(words):
                self._text_of(call, words[place + 1])
            return
        started = shell.started(call.command)
        if started is not None:
            self.calls.append(replace(call, command=started, started=True))

    def _text_of(self, call: Call, word: Word) -> None:
        raw = self.text[word.start : word.end]
        through = _THROUGH.fullmatch(raw)
        words = call.command.words[call.command.words.index(word) + 2 :]
        if through and through["file"] in self.state.files and words:
            state = call.state.with_values(dict.fromkeys(_SOURCED, TOLD), export=True)
            self.calls.append(
                replace(call, command=replace(call.command, words=words), state=state)
            )
            return
        plain = raw[1:-1] if raw[:1] in {"'", '"'} and raw[-1:] == raw[:1] else raw
        quoted = 1 if plain is not raw else 0
        if "\\" in plain or (raw[:1] not in {"'", '"'} and " " in raw and not call.exec_form):
            self.whole = self.whole and "\\" not in plain
            return
        state = call.state.with_values(dict.fromkeys(PARAMETERS, UNKNOWN))
        inner = Follower(self.text, replace(state, told=self.state.told))
        inner.captured, inner.depth = call.captured, self.depth
        inner.run(word.start + quoted, word.end - quoted)
        self.calls += inner.calls
        self.whole = self.whole and inner.whole
        self.state = replace(self.state, files=inner.state.files, kept=inner.state.kept)


def _replaces_arguments(words: Iterable[str]) -> bool:
    """Whether ``set`` gives the script other arguments, and not only options."""
    valued = False
    for word in words:
        if word == "--" or (word[:1] not in {"-", "+"} and not valued):
            return True
        valued = word[:1] in {"-", "+"} and word.endswith("o")
    return False


def follow(instruction: Instruction, state: State) -> Follower:
    """Return what a RUN instruction does."""
    follower = Follower(instruction.flat, state)
    if instruction.is_json:
        (command,) = shell.read(instruction).commands or (None,)
        if command is not None and command.words:
            call = Call(
                command, state.with_values(dict.fromkeys(command.variables(), TOLD)), exec_form=True
            )
            follower.calls.append(call)
            follower.nested(call)
        return follower
    for start, end in instruction.scripts():
        follower.run(start, end)
    if not instruction.scripts() and instruction.heredocs:
        follower.whole = False
    return follower


def follow_text(text: str, state: State) -> Follower:
    """Return what a script of the project does."""
    follower = Follower(text, state)
    follower.run(0, len(text))
    return follower


def environment_of(pairs: Mapping[str, str], state: State) -> State:
    """Return the state behind ENV or ARG with these values."""
    fresh: dict[str, Value] = {}
    for name, raw in pairs.items():
        fresh[name] = expand(raw, state.values)
    return state.with_values(fresh, export=True)
