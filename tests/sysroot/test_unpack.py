"""Unpacking packages, good ones and hostile ones."""

from __future__ import annotations

import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.sysroot.debs import Member, deb
from xxpy.errors import IntegrityError
from xxpy.sysroot.unpack import Rules, finish, inventory, unpack

if TYPE_CHECKING:
    from pathlib import Path

RULES = Rules(merged=("lib", "lib64"), left_out=("usr/share/doc", "usr/lib/*/gconv", "var"))
LIB = "usr/lib/aarch64-linux-gnu"


def unpacked(tmp_path: Path, *members: Member) -> Path:
    root = tmp_path / "root"
    root.mkdir(exist_ok=True)
    unpack(deb(tmp_path / f"p{len(list(tmp_path.iterdir()))}.deb", members), root, RULES)
    return root


def test_links_into_usr_stay_links_although_packages_have_folders_there(tmp_path: Path) -> None:
    unpacked(tmp_path, Member("./usr/lib/a", b"1"))
    root = unpacked(
        tmp_path,
        Member("./lib/", kind=tarfile.DIRTYPE),
        Member("./lib/b", b"2"),
        Member("./lib64/ld.so", b"3"),
    )
    finish(root, RULES)
    assert sorted(inventory(root)) == ["lib", "lib64", "usr/lib/a", "usr/lib/b", "usr/lib64/ld.so"]
    assert str((root / "lib").readlink()) == "usr/lib"
    assert (root / "lib/b").read_bytes() == b"2"


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        (f"{LIB}/libz.so", f"/lib/{LIB[8:]}/libz.so.1", "libz.so.1"),
        (f"{LIB}/libz.so", f"../../../lib/{LIB[8:]}/libz.so.1", "libz.so.1"),
        (f"{LIB}/libz.so", "libz.so.1", "libz.so.1"),
        ("lib/a/x.so", "../../usr/lib/b/y.so", "../b/y.so"),
        ("usr/include/up", "../../../../../../etc/passwd", "../../etc/passwd"),
        ("usr/include/top", "/", "../.."),
        ("usr/share/x", "/etc/alternatives/x", "../../etc/alternatives/x"),
    ],
)
def test_every_link_is_relative_and_stays_inside(
    tmp_path: Path, name: str, target: str, expected: str
) -> None:
    root = unpacked(tmp_path, Member(name, kind=tarfile.SYMTYPE, target=target))
    assert str((root / RULES.place(name)).readlink()) == expected


def test_a_file_behind_a_link_lies_where_the_link_leads_and_links_there_are_relative_to_it(
    tmp_path: Path,
) -> None:
    root = unpacked(
        tmp_path,
        Member("./usr/lib/real/deep/", kind=tarfile.DIRTYPE),
        Member("./usr/a/b/c/d", kind=tarfile.SYMTYPE, target="/usr/lib/real"),
        Member("./usr/a/b/c/d/file", b"x"),
        Member("./usr/a/b/c/d/link", kind=tarfile.SYMTYPE, target="/usr/a"),
    )
    assert (root / "usr/lib/real/file").read_bytes() == b"x"
    assert str((root / "usr/lib/real/link").readlink()) == "../../a"


@pytest.mark.parametrize(
    "name", ["../evil", "./usr/../../evil", "/etc/evil", "usr/lib/..", "usr/a\nb", "usr/\x1b[31m"]
)
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntegrityError, match=r"leads out|may not have"):
        unpacked(tmp_path, Member("./usr/good", b"1"), Member(name, b"2"))
    assert not (tmp_path / "evil").exists()


def test_a_link_to_the_root_is_no_way_out(tmp_path: Path) -> None:
    root = unpacked(
        tmp_path,
        Member("./a/b/c/d", kind=tarfile.SYMTYPE, target="/"),
        Member("./a/b/c/d/e", kind=tarfile.SYMTYPE, target="/../../../x"),
        Member("./a/b/c/d/e", b"file"),
    )
    assert (root / "e").read_bytes() == b"file"
    assert [path.name for path in tmp_path.iterdir() if path.name == "x"] == []


def test_hard_links_are_the_same_file_and_lead_nowhere_else(tmp_path: Path) -> None:
    root = unpacked(
        tmp_path, Member("./lib/a", b"1"), Member("./usr/b", kind=tarfile.LNKTYPE, target="./lib/a")
    )
    assert (root / "usr/b").samefile(root / "usr/lib/a")
    for target in ("/etc/passwd", "../../etc/passwd", "./usr/none"):
        with pytest.raises(IntegrityError):
            unpacked(tmp_path, Member("./usr/c", kind=tarfile.LNKTYPE, target=target))


def test_devices_and_special_bits_are_dropped(tmp_path: Path) -> None:
    root = unpacked(
        tmp_path,
        Member("./usr/disk", kind=tarfile.BLKTYPE),
        Member("./usr/tty", kind=tarfile.CHRTYPE),
        Member("./usr/pipe", kind=tarfile.FIFOTYPE),
        Member("./usr/sudo", b"x", mode=0o6755),
        Member("./usr/shut", b"x", mode=0o400),
        Member("./usr/dir/", kind=tarfile.DIRTYPE, mode=0o1000),
        Member("./usr/dir/file", b"x", mode=0o666),
    )
    modes = {path.name: path.stat().st_mode & 0o7777 for path in root.rglob("*") if path.is_file()}
    assert modes == {"sudo": 0o755, "shut": 0o644, "file": 0o644}


def test_what_no_compiler_reads_is_left_out(tmp_path: Path) -> None:
    names = [
        "./usr/share/doc/x/copyright",
        "./usr/share/document",
        f"./{LIB}/gconv/UTF-7.so",
        f"./{LIB}/libc.a",
        "./var/lib/x",
    ]
    root = unpacked(tmp_path, *(Member(name, b"x") for name in names))
    assert sorted(inventory(root)) == [f"{LIB}/libc.a", "usr/share/document"]


@pytest.mark.parametrize("compression", ["xz", "gz", "bz2"])
def test_each_compression_is_read(tmp_path: Path, compression: str) -> None:
    unpack(
        deb(tmp_path / "p.deb", [Member("./usr/x", b"x")], compression=compression),
        tmp_path / "root",
        RULES,
    )
    assert (tmp_path / "root/usr/x").read_bytes() == b"x"


def test_a_damaged_package_is_an_error_whatever_its_damage(tmp_path: Path) -> None:
    whole = deb(
        tmp_path / "p.deb", [Member(f"./usr/{number}", os.urandom(500)) for number in range(40)]
    ).read_bytes()
    damaged = tmp_path / "damaged.deb"
    for cut in (0, 7, 8, 30, 100, len(whole) // 2, len(whole) - 600):
        damaged.write_bytes(whole[:cut])
        with pytest.raises(IntegrityError):
            unpack(damaged, tmp_path / f"root{cut}", RULES)
    middle = len(whole) * 2 // 3
    damaged.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    with pytest.raises(IntegrityError):
        unpack(damaged, tmp_path / "root", RULES)


def test_an_inventory_has_files_and_links(tmp_path: Path) -> None:
    root = unpacked(
        tmp_path, Member("./usr/x", b""), Member("./usr/y", kind=tarfile.SYMTYPE, target="x")
    )
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert inventory(root) == {"usr/x": empty, "usr/y": "-> x"}
