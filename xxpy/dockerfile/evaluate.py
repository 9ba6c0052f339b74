"""Follow a shell script without running it: which commands it runs, with which variables, in which folder.

The tree is that of :mod:`xxpy.dockerfile.shell`. Scopes are the shell's: a subshell, a part of a pipe and ``$(…)`` change nothing outside,
``export`` and words in front of a command reach its environment, branches are joined. ``sh -c "…"`` is a script of its own, and so is
what ``xargs`` and ``find -exec`` start.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile import shell
from xxpy.dockerfile.values import TOLD, Value, expand, joined, mentions_target, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from xxpy.dockerfile.shell import Command, Word
    from xxpy.dockerfile.syntax import Instruction
    from xxpy.dockerfile.values import State

_DEEPEST: Final = 60
_MOST_CALLS: Final = 3000
_MOST_VARIABLES: Final = 400

_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_TESTS: Final = frozenset({"[", "test", "[["})
_ASSIGNED: Final = frozenset({"variable_assignment", "variable_assignments"})
_SCOPED: Final = frozenset({"subshell", "command_substitution", "process_substitution"})
_BRANCHED: Final = frozenset(
    {"if_statement", "case_statement", "while_statement", "for_statement", "c_style_for_statement"}
)
_SOURCED: Final = ("GOOS", "GOARCH", "CARGO_BUILD_TARGET")
"""What a file that the target decides is taken to set where it is read by ``.``."""

_THROUGH: Final = re.compile(r"\. (?P<file>\S+) && exec \\?\"\$@\\?\"")
"""How the exec form reads such a file first."""

_DECLARING: Final = frozenset({"export", "declare", "typeset", "local", "readonly"})


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
    def arguments(self) -> list[str]:
        """Its arguments, with variables that are known."""
        return [self.text(word) for word in self.command.arguments]


class _TooMuchError(Exception):
    """The script is longer or deeper than any that people write."""


class Follower:
    """Follows one script.

    :param text: the text that offsets are of
    """

    def __init__(self, text: str, state: State) -> None:
        self.text = text
        self.script = text
        self.state = state
        self.calls: list[Call] = []
        self.whole = True
        self.functions: dict[str, Node] = {}
        self.running: set[str] = set()
        self.captured = False
        self.before: Command | None = None
        self.depth = 0

    def run(self, start: int, end: int) -> None:
        """Follow the script from *start* to *end* of the text."""
        self.script = self.text[start:end]
        root = shell.tree(self.script)
        self.whole = self.whole and not root.has_error
        try:
            self.walk(root, (None, None), start)
        except _TooMuchError:
            self.whole = False

    def walk(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow one node of the tree."""
        self.depth += 1
        if (
            self.depth > _DEEPEST
            or len(self.calls) > _MOST_CALLS
            or len(self.state.values) > _MOST_VARIABLES
        ):
            raise _TooMuchError
        kind = node.type
        if kind in {"command", "declaration_command", "unset_command"}:
            self._command(node, above, shift)
        elif kind in _ASSIGNED:
            self._inside(node, above, shift)
            self._assign(node, shift)
        elif kind in _SCOPED:
            self._scoped(node, above, shift)
        elif kind == "pipeline":
            self._pipeline(node, above, shift)
        elif kind in _BRANCHED:
            self._branches(node, above, shift)
        elif kind == "list":
            self._list(node, above, shift)
        elif kind == "function_definition":
            name = node.child_by_field_name("name")
            body = node.child_by_field_name("body")
            if name and body:
                self.functions[self._of(name, shift)] = body
        elif kind == "redirected_statement":
            self._redirected(node, above, shift)
        else:
            self._inside(node, above, shift)
        self.depth -= 1

    def _inside(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        for child in node.children:
            self.walk(child, (node, above[0]), shift)

    def _of(self, node: Node, shift: int) -> str:
        return self.text[shift + node.start_byte : shift + node.end_byte]

    def _scoped(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        kept, captured = self.state, self.captured
        self.captured = captured or node.type != "subshell"
        self._inside(node, above, shift)
        self.state = replace(kept, files=self.state.files, kept=self.state.kept)
        self.captured = captured

    def _pipeline(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        kept, before = self.state, self.before
        for child in node.children:
            count = len(self.calls)
            self.walk(child, (node, above[0]), shift)
            if child.is_named:
                self.before = self.calls[-1].command if len(self.calls) > count else None
            self.state = replace(kept, files=self.state.files, kept=self.state.kept)
        self.before = before

    def _list(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        kept = self.state.told
        tested = told = False
        before = self.state
        for child in node.children:
            self.walk(child, (node, above[0]), shift)
            if child.is_named and not tested and self._is_test(child, shift):
                tested, before = True, self.state
                told = mentions_target(self._of(child, shift), self.state)
                self.state = replace(self.state, told=kept or told)
        if tested:
            self.state = joined([before, self.state], told=told)
        self.state = replace(self.state, told=kept)

    def _is_test(self, node: Node, shift: int) -> bool:
        if node.type == "list":
            return all(self._is_test(child, shift) for child in node.children if child.is_named)
        return node.type == "test_command" or self._of(node, shift).split(None, 1)[:1] in [
            [word] for word in _TESTS
        ]

    def _branches(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        kept = self.state.told
        loop = node.child_by_field_name("variable") if node.type == "for_statement" else None
        if loop is not None:
            self._loop_variable(node, loop, shift)
        head, branches = _parts(node)
        for child in head:
            self.walk(child, (node, above[0]), shift)
        said = " ".join(self._of(child, shift) for child in head)
        told = mentions_target(said, self.state)
        first = self.state
        after = [] if any(branch.type == "else_clause" for branch in branches) else [first]
        body = [child for child in node.children if child not in head and child not in branches]
        for group in [body, *([branch] for branch in branches)]:
            self.state = replace(
                first, told=kept or told, files=self.state.files, kept=self.state.kept
            )
            for child in group:
                told = told or (
                    child.type == "elif_clause" and mentions_target(self._of(child, shift), first)
                )
                self.walk(child, (node, above[0]), shift)
            after.append(self.state)
        self.state = replace(joined(after, told=told), told=kept)

    def _loop_variable(self, node: Node, variable: Node, shift: int) -> None:
        words = [child for child in node.children_by_field_name("value") if child.is_named]
        texts = [self._of(word, shift) for word in words]
        told = any(mentions_target(text, self.state) for text in texts)
        only = expand(shell.value(texts[0]), self.state.values) if len(texts) == 1 else Value(None)
        text = None if only.text is None or re.search(r"[\s*?\[]", only.text) else only.text
        self.state = self.state.with_values({self._of(variable, shift): Value(text, told)})

    def _redirected(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        count = len(self.calls)
        self._inside(node, above, shift)
        outputs = tuple(
            shell.value(self._of(child, shift).lstrip("0123456789&>|"))
            for child in node.children
            if child.type == "file_redirect" and ">" in self._of(child, shift)[:3]
        )
        self.calls[count:] = [
            replace(call, outputs=call.outputs + outputs) for call in self.calls[count:]
        ]
        told = any(
            call.state.told or call.told(self._of(node, shift)) for call in self.calls[count:]
        )
        body = node.child_by_field_name("body")
        told = told or (
            body is not None
            and body.type in _BRANCHED
            and mentions_target(self._of(body, shift), self.state)
        )
        if told:
            paths = {self._path(written(path, self.state.values)) for path in outputs} - {
                "/dev/null"
            }
            self.state = replace(
                self.state,
                files=self.state.files | paths | {p for p in outputs if p != "/dev/null"},
            )

    def _path(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.state.directory or "/", path))

    def _assign(self, node: Node, shift: int) -> None:
        pairs = [node] if node.type == "variable_assignment" else node.children
        self.state = self.state.with_values(self._pairs(self._of(pair, shift) for pair in pairs))

    def _pairs(self, texts: Iterable[str]) -> dict[str, Value]:
        """Return the values of assignments; where the target decides whether they are made, it decides the value."""
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

    def _command(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        self._inside(node, above, shift)
        command = shell.command(node, above, self.script, shift)
        if not command.words:
            return
        before = {name: self._value(raw) for name, raw in command.variables().items()}
        state = self.state.with_values(before, export=True)
        call = Call(command, state, captured=self.captured, before=self.before)
        name = call.name
        if name in self.functions and name not in self.running:
            self._function(name, above, shift)
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
        elif name in {"cd", "pushd"}:
            self.state = replace(self.state, directory=self._moved(call))
        else:
            self.state = replace(self.state, kept={**self.state.kept, **_kept(call)})
            if name in {".", "source"} and set(call.arguments[:1]) & self.state.files:
                self.state = self.state.with_values(dict.fromkeys(_SOURCED, TOLD), export=True)
            self.nested(call)

    def _raw(self, word: Word) -> str:
        """Return an assignment as it is written, with quotes."""
        return self.text[word.start : word.end]

    def _function(self, name: str, above: tuple[Node | None, Node | None], shift: int) -> None:
        self.running.add(name)
        self.walk(self.functions[name], above, shift)
        self.running.discard(name)

    def _moved(self, call: Call) -> str:
        words = [text for text in call.arguments if not text.startswith("-")]
        if len(words) != 1 or "$" in words[0] or not self.state.directory:
            return ""
        return self._path(words[0])

    def nested(self, call: Call) -> None:
        """Follow what a command starts: the text behind ``-c`` of a shell, and what xargs and find run."""
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
        inner = Follower(self.text, replace(call.state, told=self.state.told))
        inner.captured, inner.depth = call.captured, self.depth
        inner.run(word.start + quoted, word.end - quoted)
        self.calls += inner.calls
        self.whole = self.whole and inner.whole
        self.state = replace(self.state, files=inner.state.files, kept=inner.state.kept)


def _kept(call: Call) -> dict[str, Value]:
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


def _parts(node: Node) -> tuple[list[Node], list[Node]]:
    """Return what decides between branches, and the branches behind the first."""
    branches = [
        child
        for child in node.children
        if child.type in {"elif_clause", "else_clause", "case_item"}
    ]
    head = []
    for child in node.children:
        if (
            child.type in {"then", "do", "do_group", "in", "case_item", ";"}
            and node.type != "for_statement"
        ):
            break
        if child.type == "do_group":
            break
        head.append(child)
    return head, branches


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
