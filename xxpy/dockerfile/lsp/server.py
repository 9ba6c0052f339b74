"""The language server: the protocol around :mod:`xxpy.dockerfile.check`, with pygls.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from xxpy.dockerfile import syntax
from xxpy.dockerfile.check import RULES, Severity
from xxpy.dockerfile.check.fixes import fixes
from xxpy.dockerfile.lsp.changes import changes, lines_of
from xxpy.dockerfile.lsp.hover import hover
from xxpy.errors import XxpyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pygls.workspace import TextDocument

    from xxpy.dockerfile.check import Facts, Finding
    from xxpy.table.model import Table

NAME: Final = "xxpy"
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.REMARK: types.DiagnosticSeverity.Information,
}
_CONVERTED: Final = frozenset({"XX101", "XX201", "XX205"})
"""What converting the file takes away."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the server asks for its answers.

    :param judge: the findings of a Dockerfile, from its text and the name of its file
    :param convert: the converted text of a Dockerfile, from its text and its path
    """

    judge: Callable[[str, str], list[Finding]]
    convert: Callable[[str, str], str]
    table: Table
    facts: Facts


@dataclass(slots=True)
class _State:
    """The findings of each open document, by its address."""

    found: dict[str, list[Finding]] = field(default_factory=dict)


_SYNC: Final = types.TextDocumentSyncKind.Incremental


def server(service: Service, version: str) -> LanguageServer:
    """Return a server; its ``start_io`` speaks over the standard input and output."""
    made = LanguageServer(NAME, version, text_document_sync_kind=_SYNC)
    state = _State()

    def publish(uri: str) -> None:
        document = made.workspace.get_text_document(uri)
        found = list(_diagnostics(document, service, state))
        made.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, version=document.version)
        )

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(parameters: types.DidOpenTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(parameters: types.DidChangeTextDocumentParams) -> None:
        publish(parameters.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(parameters: types.DidCloseTextDocumentParams) -> None:
        state.found.pop(parameters.text_document.uri, None)
        none = types.PublishDiagnosticsParams(parameters.text_document.uri, [])
        made.text_document_publish_diagnostics(none)

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(parameters: types.HoverParams) -> types.Hover | None:
        document = made.workspace.get_text_document(parameters.text_document.uri)
        return _hover(document, parameters.position, service)

    @made.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def acted(parameters: types.CodeActionParams) -> list[types.CodeAction]:
        document = made.workspace.get_text_document(parameters.text_document.uri)
        return list(_actions(document, parameters, service, state))

    return made


def _diagnostics(
    document: TextDocument, service: Service, state: _State
) -> Iterator[types.Diagnostic]:
    text = document.source
    state.found.pop(document.uri, None)
    try:
        found = service.judge(text, document.filename or "")
    except XxpyError as error:
        line = max(0, min(getattr(error, "line", 1), text.count("\n") + 1) - 1)
        yield types.Diagnostic(
            _range(document, line, 0),
            error.message,
            severity=types.DiagnosticSeverity.Error,
            source=NAME,
        )
        return
    state.found[document.uri] = found
    for finding in found:
        yield _diagnostic(document, finding)


def _diagnostic(document: TextDocument, finding: Finding) -> types.Diagnostic:
    rule = RULES[finding.code]
    others = [
        types.DiagnosticRelatedInformation(
            types.Location(document.uri, _range(document, line - 1, 0)), rule.title
        )
        for line in finding.lines
        if line != finding.line
    ]
    return types.Diagnostic(
        _range(document, finding.line - 1, finding.column - 1),
        f"{finding.message}\n{finding.why}\nfix: {finding.fix}",
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=NAME,
        related_information=others,
    )


def _range(document: TextDocument, line: int, start: int) -> types.Range:
    """Return what a line holds from a character on, in the units of the client."""
    lines = lines_of(document.source)
    text = lines[line].rstrip("\r\n") if line < len(lines) else ""
    begin = types.Position(line, max(start, len(text) - len(text.lstrip())))
    whole = types.Range(
        begin, types.Position(line, max(len(text.rstrip(" \t\\`")), begin.character))
    )
    return document.position_codec.range_to_client_units(lines, whole)


def _hover(
    document: TextDocument, position: types.Position, service: Service
) -> types.Hover | None:
    lines = lines_of(document.source)
    if position.line >= len(lines):
        return None
    codec = document.position_codec
    place = codec.position_from_client_units(lines, position)
    found = hover(lines[position.line], place.character, service.table, service.facts)
    if found is None:
        return None
    text, start, end = found
    where = types.Range(types.Position(position.line, start), types.Position(position.line, end))
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, codec.range_to_client_units(lines, where))


def _actions(
    document: TextDocument, parameters: types.CodeActionParams, service: Service, state: _State
) -> Iterator[types.CodeAction]:
    """Yield what fixes the findings on the lines that are asked for; converting comes first."""
    text = document.source
    here = range(parameters.range.start.line + 1, parameters.range.end.line + 2)
    found = [
        finding
        for finding in state.found.get(document.uri, ())
        if any(line in here for line in finding.lines)
    ]
    if any(finding.code in _CONVERTED for finding in found):
        converted = _converted(document, service)
        if converted != text:
            fixed = [finding for finding in found if finding.code in _CONVERTED]
            title = "Cross-compile in this file (xxpy dockerfile convert)"
            yield _action(document, title, converted, fixed, preferred=True)
    for finding in found:
        for fix in fixes(finding, syntax.parse(text)):
            yield _action(document, fix.title, fix.text, [finding], preferred=not fix.ignores)


def _converted(document: TextDocument, service: Service) -> str:
    try:
        return service.convert(document.source, document.path or "")
    except XxpyError:
        return document.source


def _action(
    document: TextDocument, title: str, text: str, found: list[Finding], *, preferred: bool
) -> types.CodeAction:
    edits = [
        types.TextEdit(
            types.Range(types.Position(change.first, 0), types.Position(change.last, 0)),
            change.text,
        )
        for change in changes(document.source, text)
    ]
    return types.CodeAction(
        title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[_diagnostic(document, finding) for finding in found],
        is_preferred=preferred,
        edit=types.WorkspaceEdit(changes={document.uri: edits}),
    )
