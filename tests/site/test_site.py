"""The files of the documentation site: every page is in the navigation, every link works, nothing comes from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from docs.site import build

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "docs/site" / build.CONFIGURATION
BROKEN = {
    "cache.md": "missing.md",
    "verify.md": "build.md#no-such-section",
    "rust.md": "#no-such-section",
}
"""Pages, and the broken link that a test adds to each."""
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""Elements whose address a browser loads by itself, and the attribute with the address."""


class Page(NamedTuple):
    """What the tests ask about a page."""

    links: set[str]
    loaded: set[str]
    anchors: set[str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page(set(), set(), set())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value for name, value in attrs if value}
        if "id" in found:
            self.page.anchors.add(found["id"])
        if tag == "a" and "href" in found:
            self.page.links.add(found["href"])
        ignored = tag == "link" and found.get("rel") in {"canonical", "next", "prev"}
        if (attribute := LOADED.get(tag)) and attribute in found and not ignored:
            self.page.loaded.add(found[attribute])


def read(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text("utf-8"))
    return reader.page


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: read(path) for path in sorted(site.rglob("*.html"))}


def navigation(entries: list[dict[str, object]]) -> list[str]:
    """Return the pages of the navigation, in order."""
    found = []
    for entry in entries:
        for target in entry.values():
            found += navigation(target) if isinstance(target, list) else [str(target)]
    return found


def test_every_page_is_in_the_navigation_once() -> None:
    listed = navigation(tomllib.loads(CONFIGURATION.read_text())["project"]["nav"])
    assert sorted(listed) == sorted(set(listed))
    pages = {str(path) for path in build.files(ROOT) if path.suffix == ".md"}
    recipes = {page for page in pages if re.fullmatch(r"docs/recipes/(?!README).*", page)}
    assert sorted(listed) == sorted(pages - recipes)


def test_links_and_their_anchors_lead_somewhere(pages: dict[Path, Page], site: Path) -> None:
    broken = []
    for path, page in pages.items():
        if path.name == "404.html":  # its links start at the root of the site
            continue
        for link in page.links | page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchors = pages[target].anchors if target in pages else {parts.fragment}
            if not target.is_file() or (parts.fragment and unquote(parts.fragment) not in anchors):
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_pages_load_nothing_from_elsewhere(pages: dict[Path, Page]) -> None:
    loaded = {link for page in pages.values() for link in page.loaded}
    assert [link for link in loaded if urlsplit(link).netloc] == []
    own = (ROOT / "docs/site/tables.js").read_text() + (ROOT / "docs/site/tables.css").read_text()
    assert not re.search(r"(?<!:)//\w|https?:", own.replace("// ", ""))


def test_lists_and_blocks_of_code_are_read_as_on_a_code_host(site: Path) -> None:
    """Python-Markdown needs an empty line before a list, and four spaces in front of what is in one."""
    suspicious = re.compile(
        r"<p>[^<]*\n(?:[-*] |\d+\. )|<p>```|<code>(?:sh|toml|dockerfile|python)\n"
    )
    found = [path.name for path in site.rglob("*.html") if suspicious.search(path.read_text())]
    assert found == []


def test_the_build_fails_for_broken_links(tmp_path: Path) -> None:
    for path in build.files(ROOT) | {Path("docs/site") / build.CONFIGURATION}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    for name, link in BROKEN.items():
        with (tmp_path / "docs" / name).open("a") as page:
            page.write(f"\n[broken]({link})\n")
    shutil.copyfile(ROOT / "docs/site/build.py", tmp_path / "docs/site/build.py")
    done = subprocess.run(
        [sys.executable, "docs/site/build.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert [name for name in BROKEN if f"docs/{name}" not in done.stderr] == []
