"""Walk a shell script's tree with its scopes; :mod:`xxpy.dockerfile.evaluate` runs commands."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from xxpy.dockerfile import shell
from xxpy.dockerfile.values import (
    PARAMETERS,
    Value,
    expand,
    joined,
    mentions_target,
    names,
    shifted,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from xxpy.dockerfile.call import Call
    from xxpy.dockerfile.shell import Command
    from xxpy.dockerfile.values import State

_DEEPEST: Final = 60
_MOST_CALLS: Final = 3000
_MOST_VARIABLES: Final = 400

_TESTS: Final = frozenset({"[", "test", "[["})
_SCOPED: Final = frozenset({"subshell", "command_substitution", "process_substitution"})
_BRANCHED: Final = frozenset(
    {"if_statement", "case_statement", "while_statement", "for_statement", "c_style_for_statement"}
)

_LOOPS: Final = frozenset({"while_statement", "for_statement", "c_style_for_statement"})
_SHIFTING: Final = re.compile(r"\b(?:shift|set)\b")
_THROUGH: Final = re.compile(r";;?&")
"""What lets a ``case`` continue with its next branch."""

_WALKS: Final = {
    **dict.fromkeys(("command", "declaration_command", "unset_command"), "command"),
    **dict.fromkeys(("variable_assignment", "variable_assignments"), "assigned"),
    **dict.fromkeys(_SCOPED, "scoped"),
    **dict.fromkeys(_BRANCHED, "branches"),
    "pipeline": "pipeline",
    "list": "list",
    "function_definition": "defined",
    "redirected_statement": "redirected",
}
"""The method that follows each kind of node; every other one is only a frame for what is in it."""


class TooMuchError(Exception):
    """The script is longer or deeper than any that people write."""


class Walker:
    """Walks one script, and keeps what its commands find.

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

    def walk(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow one node of the tree."""
        self.depth += 1
        if (
            self.depth > _DEEPEST
            or len(self.calls) > _MOST_CALLS
            or len(self.state.values) > _MOST_VARIABLES
        ):
            raise TooMuchError
        getattr(self, _WALKS.get(node.type, "inside"))(node, above, shift)
        self.depth -= 1

    def inside(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow what is in a node, in order."""
        for child in node.children:
            self.walk(child, (node, above[0]), shift)

    def _of(self, node: Node, shift: int) -> str:
        return self.text[shift + node.start_byte : shift + node.end_byte]

    def scoped(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow what changes nothing outside: a subshell, or ``$(…)``."""
        kept, captured = self.state, self.captured
        self.captured = captured or node.type != "subshell"
        self.inside(node, above, shift)
        self.state = replace(kept, files=self.state.files, kept=self.state.kept)
        self.captured = captured

    def pipeline(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow the parts of a pipe, each in a shell of its own."""
        kept, before = self.state, self.before
        for child in node.children:
            count = len(self.calls)
            self.walk(child, (node, above[0]), shift)
            if child.is_named:
                self.before = self.calls[-1].command if len(self.calls) > count else None
            self.state = replace(kept, files=self.state.files, kept=self.state.kept)
        self.before = before

    def list(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow ``a && b``: what is behind a test may not run."""
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

    def branches(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow every branch, and join what they set."""
        kept = self.state.told
        loop = node.child_by_field_name("variable") if node.type == "for_statement" else None
        if loop is not None:
            self._loop_variable(node, loop, shift)
        head, branches = _parts(node)
        if node.type in _LOOPS and _SHIFTING.search(self._of(node, shift)):
            # The next time around the arguments are others.
            self.state = self.state.with_values(shifted(self.state.values))
        for child in head:
            self.walk(child, (node, above[0]), shift)
        said = " ".join(self._of(child, shift) for child in head)
        told = mentions_target(said, self.state)
        first = self.state
        after = [] if any(branch.type == "else_clause" for branch in branches) else [first]
        body = [child for child in node.children if child not in head and child not in branches]
        chosen = self._chosen(node, branches, shift)
        if chosen is not None:
            branches, after = [*chosen], [] if chosen else [first]
            body = [] if chosen else body
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

    def _chosen(self, node: Node, branches: Sequence[Node], shift: int) -> Sequence[Node] | None:
        """Return the branch of a ``case`` on an argument that is known; None: any may run.

        Other variables may be given a value when the image is built, or by its base.
        """
        subject = node.child_by_field_name("value") if node.type == "case_statement" else None
        raw = "" if subject is None else self._of(subject, shift)
        value = expand(shell.value(raw), self.state.values)
        used = names(raw)
        if not used or not used <= set(PARAMETERS) or value.text is None or value.told:
            return None
        if _THROUGH.search(self._of(node, shift)):
            return None
        for branch in branches:
            patterns = [self._of(word, shift) for word in branch.children_by_field_name("value")]
            if any(re.search(r"[$`\\]", pattern) for pattern in patterns):
                return None
            if any(fnmatchcase(value.text, shell.value(pattern)) for pattern in patterns):
                return [branch]
        return []

    def _loop_variable(self, node: Node, variable: Node, shift: int) -> None:
        words = [child for child in node.children_by_field_name("value") if child.is_named]
        texts = [self._of(word, shift) for word in words]
        told = any(mentions_target(text, self.state) for text in texts)
        only = expand(shell.value(texts[0]), self.state.values) if len(texts) == 1 else Value(None)
        text = None if only.text is None or re.search(r"[\s*?\[]", only.text) else only.text
        self.state = self.state.with_values({self._of(variable, shift): Value(text, told)})

    def redirected(self, node: Node, above: tuple[Node | None, Node | None], shift: int) -> None:
        """Follow a command, and note the files that it writes."""
        count = len(self.calls)
        self.inside(node, above, shift)
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
