"""``xxpy cache``: sizes by kind, what was not used for longest goes first, and what is in use stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from xxpy.cli import tidy
from xxpy.cli.group import run
from xxpy.errors import UsageError
from xxpy.machine import aside, holding, pruning, resources

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 86400
HOLDER = """
import sys
from pathlib import Path
from xxpy.machine import aside, holding, resources
place = resources.cache_folder(sys.argv[1])
holding.hold(place)
if len(sys.argv) > 2:
    import os
    os.execvp(sys.argv[2], sys.argv[2:])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(pruning.SIZE_VARIABLE, raising=False)
    return tmp_path / "xxpy"


def unit(cache: Path, name: str, days: float, size: int = 100_000) -> Path:
    """Make a folder that was last used so many days ago."""
    path = cache / name
    path.mkdir(parents=True)
    (path / "data").write_bytes(b"x" * size)
    when = time.time() - days * DAY
    for touched in (path / "data", path):
        os.utime(touched, (when, when))
    return path


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    capsys.readouterr()
    assert run(["cache", *arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def holder(cache: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Another process that holds a folder."""
    name: str = request.param
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "XDG_CACHE_HOME": str(cache.parent)},
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield name
        child.communicate()


def test_sizes_by_kind(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (
        "kits/linux_arm64-1",
        "bases/zig-1/a",
        "work/p",
        "cargo/p",
        "logs/p",
        "apt/x",
        "sysroots/trees/t",
        "lab/foreign",
    ):
        unit(cache, name, 1)
    (cache / "packages").mkdir()
    (cache / "packages/1.deb").write_bytes(b"x" * 50_000)
    found = document(capsys, "info")
    assert (found["path"], found["max_size"]) == (str(cache), 20_000_000_000)
    kinds = found["kinds"]
    assert found["size"] == sum(kinds.values())
    assert kinds["work"] >= 200_000 > kinds["kits"] >= 100_000
    assert 50_000 <= kinds["downloads"] < 60_000
    assert run(["cache", "info"]) == 0
    assert "0.1 MB" in capsys.readouterr().out


def test_what_disappears_meanwhile_is_nothing(cache: Path) -> None:
    (cache / "kits").mkdir(parents=True)
    ended = threading.Event()

    def change() -> None:
        for number in range(1500):
            path = unit(cache, f"kits/kit-{number % 3}", 0, 10)
            (path / "data").unlink()
            path.rmdir()
        ended.set()

    thread = threading.Thread(target=change)
    thread.start()
    counted = 0
    while not ended.is_set():
        pruning.units()
        counted += 1
    thread.join()
    assert counted
    assert pruning.units() == []


def test_an_empty_or_missing_cache(cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, "info")["size"] == 0
    assert document(capsys, "prune", "--max-size", "0") == {"removed": [], "in_use": [], "left": 0}
    assert document(capsys, "clear")["removed"] == []
    assert not cache.exists(), "who only looks makes nothing"


def test_the_oldest_goes_first_until_it_is_small_enough(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, middle, new = (
        unit(cache, name, days) for name, days in (("kits/a", 9), ("bases/zig/b", 5), ("work/c", 1))
    )
    seen = document(capsys, "prune", "--max-size", "250k", "--dry-run")
    assert [entry["path"] for entry in seen["removed"]] == [str(old)]
    assert old.is_dir()
    assert document(capsys, "prune", "--max-size", "250k") == seen
    assert (old.exists(), middle.exists(), new.exists()) == (False, True, True)
    assert document(capsys, "prune", "--older-than", "3d")["removed"][0]["path"] == str(middle)
    assert new.is_dir()
    assert document(capsys, "prune")["removed"] == []


def test_the_bound_comes_from_the_variable(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unit(cache, "kits/a", 9)
    monkeypatch.setenv(pruning.SIZE_VARIABLE, "unlimited")
    assert document(capsys, "info")["max_size"] is None
    assert document(capsys, "prune")["removed"] == []
    monkeypatch.setenv(pruning.SIZE_VARIABLE, "50k")
    assert len(document(capsys, "prune")["removed"]) == 1


@pytest.mark.parametrize("text", ["", "-1", "much", "1X", "1e9", "5", "5 b", "9" * 40])
def test_what_is_no_size_is_refused(text: str, cache: Path) -> None:
    with pytest.raises(UsageError, match="invalid size"):
        pruning.limit(text)
    assert not cache.exists()


@pytest.mark.parametrize("text", ["", "d", "-1", "30m", "1 year"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="invalid time"):
        pruning.age(text)


def test_times() -> None:
    assert [pruning.age(text) for text in ("0", "30", "30d", "12h", "1.5 w")] == [
        0, 2_592_000, 2_592_000, 43_200, 907_200
    ]  # fmt: skip


def test_sizes() -> None:
    assert [pruning.limit(text) for text in ("0", "5B", "1.5G", "500MB", "2T", "unlimited")] == [
        0,
        5,
        1_500_000_000,
        500_000_000,
        2 * 10**12,
        None,
    ]


@pytest.mark.parametrize("holder", ["work/p", "bases/zig/b", "packages"], indirect=True)
def test_what_is_held_stays(holder: str, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = cache / holder
    if holder == "packages":
        path /= "1.deb"
    else:
        path.mkdir(exist_ok=True)
        path /= "data"
    path.write_bytes(b"x" * 1000)
    other = unit(cache, "kits/other", 1)
    found = document(capsys, "prune", "--max-size", "0")
    assert [entry["path"] for entry in found["removed"]] == [str(other)]
    assert len(found["in_use"]) == 1
    assert document(capsys, "clear", code=9)["removed"] == []
    assert path.is_file()


def test_a_platform_that_is_being_built_holds_its_project(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a killed xxpy leaves running holds the folder of its platform alone."""
    project = unit(cache, "work/p", 9)
    (project / "linux_arm64").mkdir()
    with subprocess.Popen(
        ["flock", "--no-fork", str(project / "linux_arm64"), "sleep", "60"]
    ) as child:
        end = time.monotonic() + 20
        while not aside.is_held(project / "linux_arm64") and time.monotonic() < end:
            time.sleep(0.01)
        assert document(capsys, "prune", "--max-size", "0")["removed"] == []
        child.kill()
    assert len(document(capsys, "prune", "--max-size", "0")["removed"]) == 1


def test_the_command_that_a_process_becomes_holds_too(cache: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, "work/p", "sleep", "60"]) as child:
        end = time.monotonic() + 60
        while Path(f"/proc/{child.pid}/comm").read_text() != "sleep\n" and time.monotonic() < end:
            time.sleep(0.02)
        assert aside.is_held(cache / "work/p") or aside.hold(cache / "work/p") is None
        child.kill()


def test_holding_says_when_and_whether(cache: Path) -> None:
    path = unit(cache, "kits/a", 9)
    assert holding.hold(path)
    assert time.time() - path.stat().st_mtime < DAY
    pruning.remove(path)
    assert not holding.hold(path)
    unit(cache, "kits/a", 9)
    assert holding.hold(path), "another one of the same name"


def test_sysroots_that_somebody_added_stay_until_all_is_cleared(
    cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, tree in (("debian-bookworm", "t1"), ("debian-bookworm.12345678", "t2")):
        unit(cache, f"sysroots/trees/{tree}", 9)
        link = cache / "sysroots/aarch64-linux-gnu" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"../trees/{tree}")
    found = document(capsys, "prune", "--max-size", "0")
    assert [Path(entry["path"]).name for entry in found["removed"]] == ["t2"]
    assert [link.name for link in (cache / "sysroots/aarch64-linux-gnu").iterdir()] == [
        "debian-bookworm"
    ]
    (cache / "answers").mkdir()
    (cache / "answers/1").write_text("x")
    assert len(document(capsys, "clear")["removed"]) == 2
    assert list((cache / "sysroots/aarch64-linux-gnu").iterdir()) == []
    assert not (cache / "answers/1").exists()


def test_it_is_marked_as_a_cache(cache: Path) -> None:
    resources.cache_folder("kits")
    text = (cache / "CACHEDIR.TAG").read_text()
    assert text.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_build_prunes_once_a_day(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(pruning.SIZE_VARIABLE, "50k")
    first = unit(cache, "kits/a", 9)
    tidy.tidy(silent=False)
    assert not first.exists()
    assert "removed 1 item" in capsys.readouterr().err
    second = unit(cache, "kits/a", 9)
    tidy.tidy(silent=False)
    assert second.exists()
    os.utime(cache / ".pruned", (0, 0))
    monkeypatch.setenv(pruning.SIZE_VARIABLE, "much")
    tidy.tidy(silent=False)
    assert "not pruned: XXPY_CACHE_SIZE" in capsys.readouterr().err
    assert second.exists()
