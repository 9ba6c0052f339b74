"""What a client may send to the language server: it ends in good order, and says what is wrong in one line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def message(value: object) -> bytes:
    """Return a message of the protocol: a document of JSON behind its length."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


def told(method: str, params: object, **more: object) -> bytes:
    return message({"jsonrpc": "2.0", "method": method, "params": params, **more})


def opened(text: object) -> bytes:
    document = {
        "uri": "file:///x/Dockerfile",
        "languageId": "dockerfile",
        "version": 1,
        "text": text,
    }
    return told("textDocument/didOpen", {"textDocument": document})


BEGIN = told("initialize", {"capabilities": {}}, id=1) + told("initialized", {})
END = message({"jsonrpc": "2.0", "id": 9, "method": "shutdown"}) + message(
    {"jsonrpc": "2.0", "method": "exit"}
)


SENT = (
    opened("FROM golang\nRUN go build\n"),
    opened("FROM x\n# \ud800\n"),
    opened("FROM x\n" + "#" * (2 << 20)),
    opened(5),
    message(b"nope"),
    message(b"[" * 100_000),
    message([1]),
    message(None),
    told("textDocument/didOpen", 5),
    told("textDocument/hover", {"position": {"line": -1}}, id=3),
    told("nope/nope", {}, id=3),
    b"Content-Length: x\r\n\r\n{}",
)


@pytest.mark.parametrize(
    "number",
    [0, 1, *(pytest.param(number, marks=pytest.mark.slow) for number in range(2, len(SENT)))],
)
def test_what_a_client_sends(number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xxpy", "dockerfile", "lsp"],
        input=BEGIN + SENT[number] + END,
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = done.stderr.decode()
    assert done.returncode == 0, said
    assert "Traceback" not in said
    assert all(line.startswith(("warning: ", "error: ")) for line in said.splitlines()), said
