"""Which package has a file: the archive's signed index, with apt and without it."""

from __future__ import annotations

import gzip
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sysroot.archive import served
from xxpy.errors import IntegrityError, NetworkError
from xxpy.machine import pruning, resources
from xxpy.sysroot import apt, contents, release
from xxpy.sysroot.description import Silent
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sysroot.archive import Archive, Served
    from xxpy.sysroot.release import Source

OWN = """\
bin/tool                                                utils/tool
usr/include/aarch64-linux-gnu/zconf.h                   libdevel/zlib1g-dev
usr/include/zlib.h                                      libdevel/zlib1g-dev
usr/lib/aarch64-linux-gnu/libz.so\tlibdevel/zlib1g-dev
usr/lib/aarch64-linux-gnu/libz.so.1                     libs/zlib1g
usr/lib/aarch64-linux-gnu/pkgconfig/zlib.pc             libdevel/zlib1g-dev
usr/share/doc/zlib1g-dev/zlib.h.txt                     libdevel/zlib1g-dev
"""
ALL = """\
usr/include/nlohmann/json.hpp                           libdevel/nlohmann-json3-dev
usr/share/cmake/nlohmann_json/nlohmann_jsonConfig.cmake libdevel/nlohmann-json3-dev
usr/share/pkgconfig/nlohmann_json.pc                    libdevel/nlohmann-json3-dev
usr/x86_64-w64-mingw32/include/zlib.h                   libdevel/libz-mingw-w64-dev
"""


class Told(Silent):
    """Keeps warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, text: str) -> None:
        self.warnings.append(text)


@pytest.fixture
def server(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve an archive with contents, to a process with a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    shutil.copytree(
        archive.folder, tmp_path / "archive", ignore=shutil.ignore_patterns("S.*", "pool")
    )
    own = type(archive)(tmp_path / "archive", archive.packages, {"arm64": OWN, "all": ALL})
    own.publish()
    with served(own) as made:
        yield made


def source(server: Served) -> Source:
    table = resources.table()
    return release.source(
        "debian:bookworm",
        table.row(parse("linux/arm64", table.words)),
        table,
        mirror=server.address,
        keyring=str(server.archive.keyring),
    )


@pytest.fixture(params=["apt", "lists"], autouse=True)
def _tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "lists":
        monkeypatch.setattr(apt, "available", lambda: False)


def test_files_that_compilers_look_for_are_kept(server: Served) -> None:
    index = contents.index(source(server), Silent())
    assert dict(index.ending("zlib.h")) == {"usr/include/zlib.h": ("zlib1g-dev",)}
    assert dict(index.ending("libz.so")) == {"usr/lib/aarch64-linux-gnu/libz.so": ("zlib1g-dev",)}
    assert [path for path, _ in index.ending("json.hpp")] == ["usr/include/nlohmann/json.hpp"]
    assert index.has("nlohmann-json3-dev")
    assert b"bin/tool" not in index.text
    assert b"mingw" not in index.text
    assert len(index.text.split()) == 2 * 7


def test_it_is_fetched_once_and_counted(server: Served) -> None:
    first = contents.index(source(server), Silent())
    asked = len(server.seen)
    assert contents.index(source(server), Silent()) == first == contents.known(source(server))
    assert len(server.seen) == asked
    kinds = {unit.kind.name for unit in pruning.units()}
    assert "contents" in kinds


def test_another_index_than_the_signed_one_is_refused(server: Served) -> None:
    path = server.archive.folder / "dists/bookworm/main/Contents-arm64.gz"
    path.write_bytes(gzip.compress(OWN.replace("zlib1g-dev", "libevil-dev").encode(), mtime=0))
    with pytest.raises((IntegrityError, NetworkError)):
        contents.index(source(server), Silent())
    asked = len(server.seen)
    with pytest.raises(IntegrityError):
        contents.index(source(server), Silent())
    assert len(server.seen) == asked, "a failure is remembered"
    assert contents.known(source(server)) is None


def test_a_release_without_an_index_stops(server: Served) -> None:
    server.archive.contents = {}
    server.archive.publish()
    with pytest.raises(IntegrityError, match="no index of its contents"):
        contents.index(source(server), Silent())


def test_a_damaged_index_in_the_cache_is_fetched_again(server: Served) -> None:
    first = contents.index(source(server), Silent())
    for path in resources.cache_path("contents").glob("*.gz"):
        path.write_bytes(path.read_bytes()[:20])
    assert contents.index(source(server), Silent()) == first
