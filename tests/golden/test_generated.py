"""Every generated file is what the code makes today; ``make update`` writes them, this only looks."""

from __future__ import annotations

from tests.golden.generated import ROOT, generated, orphans


def test_generated_files_are_up_to_date() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, text in generated().items()
        if not path.is_file() or path.read_text() != text
    ]
    assert stale == [], "run: make update"


def test_there_are_no_orphans() -> None:
    assert [str(path.relative_to(ROOT)) for path in orphans()] == []
