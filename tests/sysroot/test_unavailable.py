"""A network that wants a login and a mirror that is down are no forgery: with apt, and without."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sysroot.archive import Archive, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sysroot.archive import Served
    from tests.sysroot.conftest import Xxpy

FILES = ("InRelease", "Packages.xz", "libgood1_1.0-1_arm64.deb")
PAGE = b"<!DOCTYPE html><title>login</title>"
LONG = b"\n<html>maintenance</html>" + b" " * 70_000


@pytest.fixture
def own(archive: Archive, tmp_path: Path) -> Iterator[Served]:
    """Return an archive that a test may change, served."""
    folder = tmp_path / "archive"
    shutil.copytree(archive.folder, folder, ignore=shutil.ignore_patterns("S.*"))
    with served(Archive(folder, [dict(paragraph) for paragraph in archive.packages])) as state:
        yield state


def refused(xxpy: Xxpy, own: Served, code: int) -> str:
    """Ask for packages, which must be refused with an exit code, and return what is said."""
    done = xxpy("sysroot", "add", *own.options, "libgood-dev")
    assert done.returncode == code, done.stderr
    assert xxpy.trees() == []
    return done.stderr


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("page", [PAGE, pytest.param(LONG, marks=pytest.mark.slow)])
def test_a_page_for_people_instead_of_a_file(
    name: str, page: bytes, either: Xxpy, own: Served
) -> None:
    for path in own.archive.folder.rglob(name):
        path.write_bytes(page)
    assert "is not available: a page of HTML came instead" in refused(either, own, 16)


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file(name: str, xxpy: Xxpy, own: Served) -> None:
    for path in own.archive.folder.rglob(name):
        path.write_bytes(b"")
    assert "is not available: nothing came instead" in refused(xxpy, own, 16)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("status", [403, pytest.param(511, marks=pytest.mark.slow)])
def test_an_answer_without_the_file(name: str, status: int, either: Xxpy, own: Served) -> None:
    own.refused |= {name: status, name.removesuffix(".xz"): status}
    assert str(status) in refused(either, own, 16)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_server_that_is_busy(name: str, xxpy: Xxpy, own: Served) -> None:
    own.refused |= {name: 503, name.removesuffix(".xz"): 503}
    assert "503" in refused(xxpy, own, 16)


@pytest.mark.parametrize("name", FILES)
def test_what_is_neither_signed_nor_a_page_is_a_forgery(
    name: str, either: Xxpy, own: Served
) -> None:
    for path in own.archive.folder.rglob(name):
        path.write_bytes(b"x" * path.stat().st_size)
    refused(either, own, 15)


def test_known_lists_do_where_a_page_comes_instead(xxpy: Xxpy, own: Served) -> None:
    xxpy.good("sysroot", "add", *own.options, "libgood-dev")
    for path in xxpy.cache.rglob("updated"):
        os.utime(path, (0, 0))
    for path in own.archive.folder.rglob("InRelease"):
        path.write_bytes(PAGE)
    done = xxpy("sysroot", "add", *own.options, "libbig-dev")
    assert done.returncode == 0, done.stderr
    assert "using those of" in " ".join(done.stderr.split())
