"""What is missing is installed from where xxpy came from: a checkout, a wheel, a repository or an index."""

from __future__ import annotations

import json
import sys
from importlib import metadata

import pytest

from xxpy import extras

_SHA = "a" * 64


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


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        (None, None),
        ({"url": "file:///home/me/xxpy", "dir_info": {}}, None),
        ({"url": "https://files.example/xxpy.whl", "archive_info": {}}, None),
        (
            {"url": "https://files.example/xxpy.whl", "archive_info": {"hashes": {"sha256": _SHA}}},
            f"xxpy @ https://files.example/xxpy.whl#sha256={_SHA}",
        ),
        (
            {"url": "https://git.example/xxpy", "vcs_info": {"vcs": "git", "commit_id": "0"}},
            "xxpy @ git+https://git.example/xxpy@0",
        ),
        (
            {
                "url": "https://me:secret@git.example/x",
                "vcs_info": {"vcs": "git", "commit_id": "0"},
            },
            None,
        ),
    ],
)
def test_only_one_very_source_is_pinned(
    origin: dict[str, object] | None, source: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda _name: Installed(origin))
    assert extras.pinned() == source


def test_a_checkout_that_nobody_installed_is_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    assert extras.command("zig").endswith("[zig]'")
    assert "'xxpy[zig]'" not in extras.command("zig")
    assert "--force-reinstall" in extras.again()
