"""What is missing is installed from where xxpy came from: a checkout, a wheel, a repository or an index."""

from __future__ import annotations

import json
import sys
from importlib import metadata

import pytest

from xxpy import extras


class Installed:
    """A distribution that pip was given something for."""

    def __init__(self, origin: dict[str, object] | None) -> None:
        self.origin = origin

    def read_text(self, _name: str) -> str | None:
        return None if self.origin is None else json.dumps(self.origin)


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "xxpy[zig]"),
        ({"url": "file:///home/me/xxpy", "dir_info": {}}, "/home/me/xxpy[zig]"),
        (
            {"url": "file:///home/me/my%20xxpy", "dir_info": {"editable": True}},
            "/home/me/my xxpy[zig]",
        ),
        (
            {"url": "file:///srv/xxpy-1.0-py3-none-any.whl", "archive_info": {}},
            "/srv/xxpy-1.0-py3-none-any.whl[zig]",
        ),
        (
            {"url": "https://git.example/xxpy", "vcs_info": {"vcs": "git", "commit_id": "0"}},
            "xxpy[zig] @ git+https://git.example/xxpy",
        ),
        (
            {"url": "https://files.example/xxpy.whl", "archive_info": {}},
            "xxpy[zig] @ https://files.example/xxpy.whl",
        ),
    ],
)
def test_an_extra_comes_from_where_xxpy_came_from(
    origin: dict[str, object] | None, requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda _name: Installed(origin))
    assert extras.command("zig").endswith(f"pip install '{requirement}'")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert extras.command("zig") == f"pip install '{requirement}'"
