"""What a file does not state is no reason to refuse it: objects of assembly, of data and of nothing, and those of link-time optimisation."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.binary.test_bad_files import run
from xxpy.binary.requirements import Requirements
from xxpy.binary.verify import check
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _pytest.mark.structures import ParameterSet

ZIGLANG = importlib.util.find_spec("ziglang")
assert ZIGLANG is not None
assert ZIGLANG.submodule_search_locations is not None
ZIG = str(Path(ZIGLANG.submodule_search_locations[0]) / "zig")
TABLE = resources.table()
SOURCES = {
    "empty.S": "",
    "assembly.s": ".text\n.byte 0, 0, 0, 0\n",
    "data.c": "int data[3] = {1, 2, 3};\n",
    "code.c": "int code(void) { return 1; }\n",
    "floats.c": "double twice(double x) { return 2 * x; }\n",
}
WASM = "wasi/wasm"
"""Its assembler wants the signature of each function."""


def _targets() -> dict[str, str]:
    """Return a target of clang for each architecture of each system, in its default variant, and for all variants of arm."""
    found = {}
    for key, row in TABLE.rows.items():
        name = None if row.clang is None else row.clang.target or row.clang.gnu or row.clang.musl
        plain = row.platform.variant in {
            "",
            TABLE.words.default_variant.get(row.platform.architecture, ""),
            "v5",
            "v6",
            "softfloat",
        }
        if name is not None and plain and row.restriction is None:
            found[key] = name
    return found


TARGETS = _targets()


HARD = {"freebsd/arm/v7": "-gnueabihf"}
"""What ends a target whose plain name says to clang that floats are soft."""
FAST = ("linux/", "windows/", "darwin/")


def _slowly(platforms: Iterable[str]) -> list[ParameterSet]:
    """Leave to the slow tests what differs in the name of the system only."""
    return [
        pytest.param(platform, marks=() if platform.startswith(FAST) else pytest.mark.slow)
        for platform in platforms
    ]


def built(
    folder: Path, target: str, *flags: str, sources: tuple[str, ...] = tuple(SOURCES)
) -> list[Path]:
    for name in sources:
        (folder / name).write_text(SOURCES[name])
    command = [ZIG, "clang", "--no-default-config", f"--target={target}", *flags, "-c", *sources]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return [folder / name.replace(name[name.rindex(".") :], ".o") for name in sources]


def archive(folder: Path, name: str, *members: Path) -> Path:
    subprocess.run(
        [ZIG, "ar", "rcs", name, *map(str, members)], cwd=folder, check=True, capture_output=True
    )
    return folder / name


def by_hand(folder: Path, content: bytes) -> Path:
    """Write an archive of one member, which no tool reads."""
    header = f"{'code.o/':16}{0:<12}{0:<6}{0:<6}{644:<8}{len(content):<10}`\n".encode()
    (folder / "libhand.a").write_bytes(b"!<arch>\n" + header + content + b"\n" * (len(content) % 2))
    return folder / "libhand.a"


def verdict(path: Path, platform: str) -> tuple[str, ...]:
    return check(path, TABLE.row(parse(platform, TABLE.words)), TABLE, Requirements())


@pytest.mark.parametrize("platform", _slowly(TARGETS))
def test_objects_that_state_little(platform: str, script: Path, tmp_path: Path) -> None:
    sources = tuple(name for name in SOURCES if platform != WASM or name.endswith(".c"))
    objects = built(tmp_path, TARGETS[platform] + HARD.get(platform, ""), sources=sources)
    for path in objects:
        assert verdict(archive(tmp_path, f"lib{path.stem}.a", path), platform) == ()
        assert verdict(path, platform) == ()
    for path in objects[::2]:
        done = run(script, str(path), TARGETPLATFORM=platform)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "platform",
    _slowly(platform for platform in TARGETS if platform.count("/") == 1 or "/v" in platform),
)
def test_bitcode_states_its_target(platform: str, tmp_path: Path) -> None:
    (whole,) = built(tmp_path, TARGETS[platform], "-flto", sources=("code.c",))
    whole = whole.rename(tmp_path / "whole.o")
    (thin,) = built(tmp_path, TARGETS[platform], "-flto=thin", sources=("code.c",))
    library = archive(tmp_path, "libcode.a", whole, thin)
    assert verdict(library, platform) == ()
    other = "linux/s390x" if "s390x" not in platform else "linux/amd64"
    assert any("does not match expected target" in reason for reason in verdict(library, other))
    assert verdict(whole, platform) != (), "alone it is no binary"


@pytest.mark.parametrize(
    ("platform", "compiler"),
    [
        ("linux/arm64", "aarch64-linux-gnu-gcc"),
        ("linux/arm/v7", "arm-linux-gnueabihf-gcc"),
        ("windows/amd64", "x86_64-w64-mingw32-gcc"),
    ],
)
@pytest.mark.parametrize(
    "flags", [("-flto",), ("-flto", "-ffat-lto-objects"), ("-x", "assembler-with-cpp", "/dev/null")]
)
def test_objects_of_gcc(
    platform: str, compiler: str, flags: tuple[str, ...], tmp_path: Path
) -> None:
    source = tmp_path / "code.c"
    source.write_text(SOURCES["code.c"])
    files = () if "/dev/null" in flags else (str(source),)
    subprocess.run([compiler, *flags, *files, "-c", "-o", "code.o"], cwd=tmp_path, check=True)
    assert verdict(archive(tmp_path, "libcode.a", tmp_path / "code.o"), platform) == ()


def test_a_soft_float_object_is_still_refused_where_floats_are_hard(
    script: Path, tmp_path: Path
) -> None:
    (floats,) = built(tmp_path, "armv7-linux-gnueabi", "-mfloat-abi=soft", sources=("floats.c",))
    assert any("soft float" in reason for reason in verdict(floats, "linux/arm/v7"))
    assert "soft float" in run(script, str(floats), TARGETPLATFORM="linux/arm/v7").stderr


@pytest.mark.parametrize("platform", ["windows/amd64", "windows/arm64"])
def test_an_object_with_room_for_many_sections(platform: str, script: Path, tmp_path: Path) -> None:
    (tmp_path / "code.c").write_text(SOURCES["code.c"])
    subprocess.run(
        ["x86_64-w64-mingw32-gcc", "-Wa,-mbig-obj", "-c", "code.c"], cwd=tmp_path, check=True
    )
    code = tmp_path / "code.o"
    content = bytearray(code.read_bytes())
    assert content[:6] == b"\0\0\xff\xff\2\0"
    done = run(script, str(code), TARGETPLATFORM=platform)
    assert (
        (done.returncode == 0) == (verdict(code, platform) == ()) == (platform == "windows/amd64")
    )
    for place, byte in ((13, 0), (45, 0xFF), (50, 0x7F)):
        content[place], kept = byte, content[place]
        code.write_bytes(content)
        assert verdict(code, platform) != ()
        assert run(script, str(code), TARGETPLATFORM=platform).returncode == 1
        content[place] = kept


def test_hostile_bitcode(tmp_path: Path) -> None:
    (code,) = built(tmp_path, "aarch64-linux-gnu", "-flto", sources=("code.c",))
    whole = code.read_bytes()
    for place in range(0, min(len(whole), 400), 3):
        for byte in (0, 0xFF, whole[place] ^ 1):
            verdict(
                by_hand(tmp_path, whole[:place] + bytes([byte]) + whole[place + 1 :]), "linux/arm64"
            )
        verdict(by_hand(tmp_path, whole[: place + 4]), "linux/arm64")


def test_resources(tmp_path: Path) -> None:
    (tmp_path / "a.rc").write_text("1 RCDATA BEGIN 1, 2 END\n")
    kit = subprocess.run(
        [sys.executable, "-m", "xxpy", "kit", "path", "--platform", "windows/amd64", "--cc", "gcc"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    subprocess.run([f"{kit}/bin/windres", "a.rc", "a.o"], cwd=tmp_path, check=True)
    assert verdict(archive(tmp_path, "libresource.a", tmp_path / "a.o"), "windows/amd64") == ()
