"""The language server, as an editor sees it: pygls's client talks to the real command over its standard streams."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.dockerfile.exams import parts, sources
from xxpy.dockerfile import convert
from xxpy.dockerfile.check import RULES, Finding, fixes
from xxpy.dockerfile.lsp.changes import changes, lines_of
from xxpy.dockerfile.syntax import parse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

SLOW = "FROM golang AS build\nRUN CGO_ENABLED=0 go build -o /app\n\nFROM scratch\nCOPY --from=build /app /\n"
URI = "file:///project/Dockerfile"
TIMEOUT = 30


class Editor:
    """An editor with one Dockerfile."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.text = ""
        self.version = 0
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator] # pygls's
        def _(published: types.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(published)

    async def diagnostics(self) -> list[types.Diagnostic]:
        """Return what the server publishes next."""
        published = await asyncio.wait_for(self.published.get(), TIMEOUT)
        assert published.uri == URI
        return list(published.diagnostics)

    async def open(self, text: str) -> list[types.Diagnostic]:
        """Open the file; return what is wrong with it."""
        self.text = text
        item = types.TextDocumentItem(URI, "dockerfile", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.diagnostics()

    async def replace(
        self, start: types.Position, end: types.Position, text: str
    ) -> list[types.Diagnostic]:
        """Type a text in the place of another; return what is wrong then."""
        self.version += 1
        change = types.TextDocumentContentChangePartial(types.Range(start, end), text)
        item = types.VersionedTextDocumentIdentifier(self.version, URI)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(item, [change]))
        return await self.diagnostics()

    async def hover(self, line: int, character: int) -> types.Hover | None:
        """Return what the server shows at a place."""
        where = types.HoverParams(
            types.TextDocumentIdentifier(URI), types.Position(line, character)
        )
        return await asyncio.wait_for(self.client.text_document_hover_async(where), TIMEOUT)

    async def actions(self, line: int) -> dict[str, str]:
        """Return the titles of what the server offers for a line, and what each makes of the file."""
        where = types.Range(types.Position(line, 0), types.Position(line, 0))
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(URI), where, types.CodeActionContext([])
        )
        found = await asyncio.wait_for(self.client.text_document_code_action_async(asked), TIMEOUT)
        assert found is not None
        made = {}
        for action in found:
            assert isinstance(action, types.CodeAction)
            assert action.edit
            assert action.edit.changes
            made[action.title] = applied(self.text, list(action.edit.changes[URI]))
        return made


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """Return a text with edits of whole lines made, as an editor makes them."""
    lines = lines_of(text)
    for edit in sorted(edits, key=lambda edit: edit.range.start.line, reverse=True):
        assert edit.range.start.character == edit.range.end.character == 0
        lines[edit.range.start.line : edit.range.end.line] = [edit.new_text]
    return "".join(lines)


@asynccontextmanager
async def editor(*words: str) -> AsyncIterator[Editor]:
    """Start the server, and an editor that talks to it; both end in good order."""
    client = LanguageClient("editor", "1")
    made = Editor(client)
    await client.start_io(sys.executable, "-m", "xxpy", "dockerfile", "lsp", *words)
    begun = await asyncio.wait_for(
        client.initialize_async(
            types.InitializeParams(
                types.ClientCapabilities(), process_id=None, root_uri="file:///project"
            )
        ),
        TIMEOUT,
    )
    assert begun.server_info
    assert begun.server_info.name == "xxpy"
    client.initialized(types.InitializedParams())
    yield made
    await asyncio.wait_for(client.shutdown_async(None), TIMEOUT)
    client.exit(None)
    await asyncio.wait_for(client.stop(), TIMEOUT)  # type: ignore[no-untyped-call] # pygls's


def talk(conversation: Callable[[Editor], Awaitable[None]], *words: str) -> None:
    """Hold a conversation."""

    async def hold() -> None:
        async with editor(*words) as made:
            await conversation(made)

    asyncio.run(hold())


def test_an_editor_shows_what_is_wrong_while_one_types() -> None:
    async def conversation(editor: Editor) -> None:
        (found,) = await editor.open(SLOW)
        assert (found.code, found.severity, found.source) == (
            "XX101",
            types.DiagnosticSeverity.Warning,
            "xxpy",
        )
        assert found.range == types.Range(types.Position(1, 4), types.Position(1, 34))
        assert found.message.startswith(
            "this step compiles under emulation for a foreign platform\n"
        )
        end = types.Position(0, len("FROM"))
        found = (await editor.replace(end, end, " --platform=$BUILDPLATFORM"))[0]
        assert (found.code, found.severity) == ("XX201", types.DiagnosticSeverity.Error)
        broken = await editor.replace(types.Position(1, 0), types.Position(1, 3), "RUM")
        assert [(each.range.start.line, each.severity, each.code) for each in broken] == [
            (1, types.DiagnosticSeverity.Error, None)
        ]
        assert "unknown instruction: RUM" in broken[0].message
        assert await editor.actions(1) == {}
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI))
        )
        assert await editor.diagnostics() == []

    talk(conversation)


def test_a_part_that_cannot_be_read_is_said_where_it_is_shown() -> None:
    async def conversation(editor: Editor) -> None:
        (found,) = await editor.open("FROM a\n# xxpy: begin nothing\n# xxpy: end\n")
        assert found.message == "there is no generated part nothing"
        assert found.severity == types.DiagnosticSeverity.Error

    talk(conversation)


def test_an_editor_for_this_machine_alone() -> None:
    async def conversation(editor: Editor) -> None:
        assert await editor.open(SLOW) == []

    talk(conversation, "--platform", "local")


def test_the_other_lines_of_a_finding_and_columns_in_the_editor_s_units() -> None:
    async def conversation(editor: Editor) -> None:
        found = await editor.open('FROM debian\nRUN a\nRUN echo "😋" $TARGETARCH\n')
        assert [(each.code, each.range.start, each.severity) for each in found] == [
            ("XX102", types.Position(1, 0), types.DiagnosticSeverity.Information),
            # In UTF-16 the character counts twice.
            ("XX203", types.Position(2, 14), types.DiagnosticSeverity.Error),
        ]
        assert [each.location.range.start.line for each in found[0].related_information or ()] == [
            2
        ]

    talk(conversation)


def test_quick_fixes_are_what_convert_makes() -> None:
    async def conversation(editor: Editor) -> None:
        await editor.open(SLOW)
        made = await editor.actions(1)
        assert (
            made["Cross-compile in this file (xxpy dockerfile convert)"]
            == convert.convert(SLOW, sources().tools, parts()).text
        )
        assert made["Ignore XX101 in this step"] == SLOW.replace("RUN", "# xxpy: ignore=XX101\nRUN")
        assert made["Ignore XX101 in this stage"] == "# xxpy: ignore=XX101\n" + SLOW
        assert await editor.actions(0) == {}

    talk(conversation)


def test_hover() -> None:
    text = "FROM --platform=linux/arm/v7 debian\nARG TARGETARCH\nADD http://x.yz/tini-static-amd64 /\n# xxpy: ignore=XX102\nRUN a\n"
    cases = (
        (
            0,
            20,
            16,
            [
                "**linux/arm/v7**",
                "| debian-arch | `armhf` |",
                "| go-env | `GOOS=linux GOARCH=arm GOARM=7` |",
            ],
        ),
        (1, 5, 4, ["**TARGETARCH**", "such as `arm`"]),
        (2, 30, 28, ["**linux/amd64**", "| march | `x86_64` |"]),
        (3, 18, 15, ["## XX102"]),
    )

    async def conversation(editor: Editor) -> None:
        await editor.open(text)
        for line, character, start, shown in cases:
            found = await editor.hover(line, character)
            assert found
            assert isinstance(found.contents, types.MarkupContent)
            assert found.range
            assert found.range.start == types.Position(line, start)
            assert [words for words in shown if words not in found.contents.value] == []
        assert await editor.hover(4, 0) is None
        assert await editor.hover(99, 0) is None

    talk(conversation)


@pytest.mark.parametrize(
    ("code", "text", "title", "fixed"),
    [
        ("XX104", "FROM --platform=$TARGETPLATFORM debian\n", "Remove --platform", "FROM debian\n"),
        (
            "XX204",
            'FROM a\nARG B TARGETARCH="x" C\n',
            "Take TARGETARCH from BuildKit",
            "FROM a\nARG B TARGETARCH C\n",
        ),
        (
            "XX203",
            "FROM a\n# why\nRUN $TARGETOS\n",
            "Declare ARG TARGETOS",
            "FROM a\nARG TARGETOS\n# why\nRUN $TARGETOS\n",
        ),
        (
            "XX206",
            "FROM a\r\nRUN xx-go build\r\n",
            "Declare ARG TARGETPLATFORM",
            "FROM a\r\nARG TARGETPLATFORM\r\nRUN xx-go build\r\n",
        ),
    ],
)
def test_fixes_of_single_findings(code: str, text: str, title: str, fixed: str) -> None:
    (finding,) = [finding for finding in judged(text) if finding.code == code]
    made = {fix.title: fix.text for fix in fixes.fixes(finding, parse(text))}
    assert made[title] == fixed
    assert code not in {each.code for each in judged(fixed)}


@pytest.mark.parametrize("code", sorted(set(RULES) - {"XX501", "XX502"}))
def test_ignoring_ignores(code: str) -> None:
    text = RULES[code].documentation.partition("```dockerfile\n")[2].partition("```")[0]
    finding = next(finding for finding in judged(text) if finding.code == code)
    ignoring = [fix for fix in fixes.fixes(finding, parse(text)) if fix.ignores]
    assert ignoring
    for fix in ignoring:
        assert code not in {each.code for each in judged(fix.text)}, fix.title


def judged(text: str) -> list[Finding]:
    from xxpy.cli.dockerfile import sources as rows  # noqa: PLC0415 - beside the exams' own

    return rows.findings(parse(text), text, "a foreign platform", "Dockerfile")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "a"),
        ("a", ""),
        ("a\nb\nc\n", "a\nx\nc\ny"),
        ("a", "a\n"),
        ("a\r\nb", "b\r\na"),
        ("a\x0cb\n", "a\x0c\n"),
    ],
)
def test_changes_make_the_new_text(old: str, new: str) -> None:
    lines = lines_of(old)
    assert "".join(lines) == old
    for change in reversed(list(changes(old, new))):
        lines[change.first : change.last] = [change.text]
    assert "".join(lines) == new


def test_what_to_install_is_said(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['pygls'] = None; from xxpy.cli import entry; sys.argv = ['xxpy', 'dockerfile', 'lsp']; sys.exit(entry.main())"
    done = subprocess.run(
        [sys.executable, "-c", hidden],
        cwd=tmp_path,
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 5
    assert done.stderr.startswith("error: the language server is not installed\nhint: ")
    assert "[lsp]" in done.stderr
