"""What ``inspect`` says of really built binaries, compared with readelf, llvm-readobj, file, pyelftools and Go."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.sections import ARMAttributesSection

from xxpy.binary import inspect
from xxpy.binary.identity import Identity, identify
from xxpy.errors import VerificationError
from xxpy.machine import resources
from xxpy.table.platform import parse, runnable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.binary.samples import Sample
    from xxpy.binary.description import Description


def output(*command: str | Path) -> str:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=True
    ).stdout


def elf_files(samples: list[Sample]) -> list[tuple[Path, Description]]:
    found = [(sample.path, inspect(sample.path)[0]) for sample in samples]
    return [(path, one) for path, one in found if one.format == "elf"]


def of(samples: list[Sample], name: str) -> Description:
    return inspect(next(sample.path for sample in samples if sample.name == name))[0]


def test_readelf_sees_the_same(samples: list[Sample]) -> None:
    for path, found in elf_files(samples)[::2]:
        text = output(
            "readelf", "--wide", "--file-header", "--dynamic", "--sections", "--notes", path
        )
        assert f"ELF{found.bits}" in text
        assert f"{found.byte_order} endian" in text
        assert re.findall(r"\(NEEDED\)\s+Shared library: \[(.*)\]", text) == list(found.needed)
        assert re.findall(r"Build ID: (\w+)", text)[:1] == (
            [] if found.build_id is None else [found.build_id]
        )
        assert (
            "SYMTAB" not in re.findall(r"\]\s+\S*\s+(\w+)\s+[0-9a-f]{8}", text)
        ) is found.stripped, path
        assert (".debug_info" in text or ".zdebug_info" in text) is found.debug_info, path


def test_file_sees_the_same(samples: list[Sample]) -> None:
    words = {
        "static": "statically linked",
        "static-pie": "static-pie linked",
        "dynamic": "dynamically linked",
    }
    seen = set()
    for path, found in elf_files(samples):
        text = output("file", "--brief", path)
        if found.kind == "executable" and path.name.startswith("c-"):
            assert words[found.linkage] in text, path
            seen.add(found.linkage)
        if found.interpreter is not None:
            assert f"interpreter {found.interpreter}" in text
        assert f"{'MSB' if found.byte_order == 'big' else 'LSB'} " in text
    assert seen == set(words)


def test_llvm_readobj_sees_the_same(samples: list[Sample]) -> None:
    seen = 0
    for sample in samples:
        if not sample.name.startswith(("windows-", "apple-")):
            continue
        for found in inspect(sample.path):
            text = output("llvm-readobj", "--file-headers", sample.path)
            assert ("AddressSize: 64bit" in text) or found.bits == 32
            machines = [
                int(number, 16)
                for number in re.findall(r"(?:Machine|CpuType): \S+ \(0x(\w+)\)", text)
            ]
            assert found.machine in machines
            if found.subsystem is not None:
                assert found.subsystem == (
                    "console" if "IMAGE_SUBSYSTEM_WINDOWS_CUI" in text else "graphical"
                )
            seen += 1
    assert seen >= 16


def test_pyelftools_sees_the_versions_of_symbols(samples: list[Sample]) -> None:
    seen = 0
    for path, found in elf_files(samples):
        with path.open("rb") as file:
            sections = [
                section
                for section in ELFFile(file).iter_sections()
                if isinstance(section, GNUVerNeedSection)
            ]
            names = [
                aux.name
                for section in sections
                for _, versions in section.iter_versions()
                for aux in versions
            ]
        numbers = [
            tuple(map(int, name[6:].split(".")))
            for name in names
            if re.fullmatch(r"GLIBC_[0-9.]+", name)
        ]
        assert found.glibc == (".".join(map(str, max(numbers))) if numbers else None), path
        seen += bool(numbers)
    assert seen >= 4


def test_pyelftools_sees_the_arm_attributes(samples: list[Sample]) -> None:
    seen = 0
    for path, found in elf_files(samples):
        with path.open("rb") as file:
            section = next(
                (
                    one
                    for one in ELFFile(file).iter_sections()
                    if isinstance(one, ARMAttributesSection)
                ),
                None,
            )
            if section is None:
                continue
            tags = {
                one.tag: one.value
                for one in section.subsections[0].subsubsections[0].iter_attributes()
            }
        names = {4: "v5TE", 6: "v6", 10: "v7-A", 14: "v8-A"}
        assert found.isa == names[tags["TAG_CPU_ARCH"]]
        assert (found.vfp is not None) is ("TAG_FP_ARCH" in tags)
        seen += 1
    assert seen >= 10


def test_what_processors_are_told_by(samples: list[Sample]) -> None:
    hard = of(samples, "bare-linux_arm_v7-gnu-pie")
    assert (hard.isa, hard.float_abi, hard.abi, hard.thumb) == ("v7-A", "hard", "eabi5", "Thumb-2")
    assert (of(samples, "arm-v5-soft.o").isa, of(samples, "arm-v5-soft.o").float_abi) == (
        "v5TE",
        "soft",
    )
    riscv = of(samples, "bare-linux_riscv64-gnu-static")
    assert (riscv.abi, riscv.float_abi) == ("lp64d", "hard")
    assert str(riscv.isa).startswith("rv64i2p0_m2p0_a2p0_f2p0_d2p0_c2p0")
    assert (of(samples, "c-v3").isa, of(samples, "c-v3").level) == ("x86-64-v3", 3)
    mips = of(samples, "bare-linux_mips-gnu-static")
    assert (mips.isa, mips.abi, mips.float_abi) == ("mips32r2", "o32", "hard")
    assert (
        of(samples, "bare-linux_mips64le-gnu-static").isa,
        of(samples, "bare-linux_mips64le-gnu-static").abi,
    ) == ("mips64r2", "n64")
    assert of(samples, "go-linux_mipsle_softfloat").float_abi == "soft"
    assert of(samples, "bare-linux_ppc64le-gnu-static").abi == "elfv2"
    assert of(samples, "go-linux_loong64").abi in {"lp64d", None}


@pytest.mark.parametrize(
    ("name", "systems", "architecture", "variant"),
    [
        ("go-linux_arm_v7", ("linux",), "arm", "v7"),  # from Go's build information alone
        ("go-linux_amd64", ("linux",), "amd64", ""),
        ("c-v3", ("linux",), "amd64", "v3"),
        ("arm-v5-soft.o", (), "arm", "v5"),  # an object states no system
        ("bare-linux_arm_v7-gnu-pie", ("linux",), "arm", "v7"),
        ("go-freebsd_arm64", ("freebsd",), "arm64", ""),
        ("go-linux_mips64le", ("linux",), "mips64le", "hardfloat"),
        ("go-linux_ppc64", ("linux",), "ppc64", ""),
        ("windows-i686.exe", ("windows",), "386", ""),
        ("apple-arm64.dylib", ("darwin",), "arm64", ""),
        ("go-wasi_wasm", ("wasi",), "wasm", ""),
    ],
)
def test_what_a_file_is_for(
    samples: list[Sample], name: str, systems: tuple[str, ...], architecture: str, variant: str
) -> None:
    assert identify(of(samples, name), resources.table()) == Identity(
        systems, architecture, variant
    )


def test_every_file_is_for_its_own_platform(samples: list[Sample]) -> None:
    table = resources.table()
    for sample in samples:
        platform = parse(sample.platform, table.words)
        found = [identify(described, table) for described in inspect(sample.path)]
        assert platform.architecture in {one.architecture for one in found}, sample.name
        assert all(platform.os in one.os or not one.os for one in found), sample.name
        claimed = [replace(platform, variant=one.variant) for one in found if one.variant]
        assert all(platform in runnable(claim, table.words) for claim in claimed), sample.name


def test_what_systems_are_told_by(samples: list[Sample]) -> None:
    program = of(samples, "c-dynamic")
    assert (program.libc, program.minimum_os, program.kind) == ("gnu", "3.2.0", "executable")
    assert of(samples, "c-static").libc == "gnu"
    assert of(samples, "bare-linux_arm64-musl-pie").libc == "musl"
    assert of(samples, "apple-arm64.dylib").minimum_os == "11.0"
    assert re.fullmatch(r"\d+\.\d+", str(of(samples, "go-freebsd_amd64").minimum_os))
    assert of(samples, "windows-x86_64.exe").minimum_os == "6.0"
    assert of(samples, "go-wasi_wasm").needed == ("wasi_snapshot_preview1",)


def test_go_tells_the_same_of_its_programs(samples: list[Sample]) -> None:
    seen = set()
    for sample in samples:
        found = inspect(sample.path)[0]
        if not sample.name.startswith("go-") or found.format == "wasm":
            continue
        lines = output("go", "version", "-m", sample.path).splitlines()
        assert found.go is not None, sample.name
        assert lines[0].endswith(f": {found.go.version}")
        settings = [
            line.split("\t", 2)[2].split("=", 1) for line in lines if line.startswith("\tbuild\t")
        ]
        assert [list(setting) for setting in found.go.settings] == settings
        assert (found.go.path, found.go.module) == ("hello", "hello (devel)")
        seen.add(found.format)
    assert seen == {"elf", "macho", "pe"}


def test_who_built_it(samples: list[Sample]) -> None:
    noted = output(
        "readelf",
        "--string-dump=.comment",
        next(sample.path for sample in samples if sample.name == "rust-dynamic"),
    )
    assert any(
        text.startswith("rustc version ") for text in of(samples, "rust-dynamic").compilers
    ) == ("rustc version " in noted)
    assert any(text.startswith("GCC: ") for text in of(samples, "c-static").compilers)
    assert of(samples, "c-static").go is None
    assert (of(samples, "c-stripped").stripped, of(samples, "c-dynamic").stripped) == (True, False)
    assert of(samples, "rust-dynamic").debug_info is True


def test_signatures_and_debugging_information_of_apple(samples: list[Sample]) -> None:
    assert of(samples, "apple-arm64.dylib").signed is True
    assert of(samples, "go-darwin_amd64").signed is False
    assert of(samples, "go-darwin_arm64").signed is True
    assert of(samples, "go-darwin_arm64").debug_info is True
    assert of(samples, "windows-x86_64.exe").signed is False


def test_run_paths_and_versions_of_cxx(tmp_path: Path) -> None:
    source = tmp_path / "main.cc"
    source.write_text(
        '#include <iostream>\n#include <string>\nint main() { std::string s; std::cin >> s; std::cout << s << "\\n"; }\n'
    )
    program = tmp_path / "main"
    subprocess.run(
        ["g++", "-g", "-Wl,-rpath,$ORIGIN/lib:/opt/lib", "-o", str(program), str(source)],
        check=True,
        capture_output=True,
    )
    (found,) = inspect(program)
    assert found.run_path == ("$ORIGIN/lib", "/opt/lib")
    versions = re.findall(r"GLIBCXX_([0-9.]+)", output("objdump", "-p", program))
    assert found.glibcxx == max(versions, key=lambda text: tuple(map(int, text.split("."))))
    assert found.debug_info is True


@pytest.mark.parametrize("kind", ["rcs", "rcsT", "bsd"])
def test_archives_of_every_form(samples: list[Sample], tmp_path: Path, kind: str) -> None:
    names = ("c-object", "arm-v7-hard.o", "arm-v5-soft.o")
    objects = [sample.path for sample in samples if sample.name in names]
    archive = tmp_path / "lib with a long name indeed.a"
    command = ["llvm-ar", "--format=bsd", "rcs"] if kind == "bsd" else ["ar", kind]
    subprocess.run([*command, str(archive), *map(str, objects)], check=True, capture_output=True)
    found = inspect(archive)
    assert [one.machine for one in found] == [inspect(path)[0].machine for path in objects]
    assert all(
        one.name.startswith(f"{archive}(") and path.name in one.name
        for one, path in zip(found, objects, strict=True)
    )


def test_a_thin_archive_whose_member_is_gone(samples: list[Sample], tmp_path: Path) -> None:
    copy = tmp_path / "gone.o"
    copy.write_bytes(
        next(sample.path for sample in samples if sample.name == "c-object").read_bytes()
    )
    archive = tmp_path / "thin.a"
    subprocess.run(["ar", "rcsT", str(archive), str(copy)], check=True, capture_output=True)
    copy.unlink()
    with pytest.raises(VerificationError, match=r"gone\.o: file not found"):
        inspect(archive)


def test_wheels(samples: list[Sample], tmp_path: Path) -> None:
    wheel = tmp_path / "answer-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(
            next(sample.path for sample in samples if sample.name == "c-shared"),
            "answer/_answer.so",
        )
        package.writestr("answer/__init__.py", "")
    (found,) = inspect(wheel)
    assert (found.name, found.kind) == (f"{wheel}(answer/_answer.so)", "shared library")
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr("answer/__init__.py", "x = 1\n")
    with pytest.raises(VerificationError, match="a zip file without binaries"):
        inspect(wheel)


def test_static_libraries_of_rust(tmp_path: Path) -> None:
    (tmp_path / "lib.rs").write_text("#[no_mangle]\npub extern fn answer() -> i32 { 42 }\n")
    subprocess.run(
        ["rustc", "--crate-type=staticlib", "-o", "libanswer.a", "lib.rs"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    subprocess.run(
        ["rustc", "--crate-type=rlib", "-o", "libanswer.rlib", "lib.rs"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    for name in ("libanswer.a", "libanswer.rlib"):
        found = inspect(tmp_path / name)
        assert {(one.format, one.kind) for one in found} == {("elf", "object")}, name


@pytest.mark.slow
def test_static_libraries_of_go(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "C"\n\n//export answer\nfunc answer() int { return 42 }\n\nfunc main() {}\n'
    )
    subprocess.run(
        ["go", "build", "-buildmode=c-archive", "-o", "libgo.a", "main.go"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert {(one.format, one.kind) for one in inspect(tmp_path / "libgo.a")} == {("elf", "object")}


def test_a_fat_file_is_described_slice_by_slice(samples: list[Sample]) -> None:
    path = next(sample.path for sample in samples if sample.name == "apple-fat.dylib")
    found = inspect(path)
    assert [(one.name, one.fat, one.slice) for one in found] == [
        (f"{path}({index})", str(path), index) for index in range(2)
    ]
    assert len({one.machine for one in found}) == 2


ANDROID_NOTE = '__asm__(".section .note.android.ident,\\"a\\",%note\\n.long 8,4,1\\n.asciz \\"Android\\"\\n.long 21\\n.previous");\n'


@pytest.mark.parametrize(
    ("text", "flags", "versions", "libc"),
    [
        ("", ("-pie", "-Wl,--dynamic-linker=/system/bin/linker64"), "LIBC", "bionic"),
        ("", ("-shared",), "LIBC_N", "bionic"),
        (ANDROID_NOTE, ("-shared",), "", "bionic"),
        ("", ("-pie", "-Wl,--dynamic-linker=/system/bin/linker64"), "", None),
        ("", ("-pie", "-Wl,--dynamic-linker=/lib/ld-musl-aarch64.so.1"), "", "musl"),
        ("", ("-shared",), "", "musl"),
    ],
    ids=[
        "a program",
        "symbols with versions",
        "a note",
        "a loader alone",
        "a program of musl",
        "a library of musl",
    ],
)
def test_libc_so_is_musl_s_or_bionic_s(
    text: str, flags: tuple[str, ...], versions: str, libc: str | None, tmp_path: Path
) -> None:
    (tmp_path / "libc.c").write_text("int answer(void) { return 42; }\n")
    (tmp_path / "user.c").write_text(
        f"{text}int answer(void);\nvoid _start(void) {{ answer(); }}\n"
    )
    (tmp_path / "versions").write_text(f"{versions} {{ answer; }};\n")
    script = (f"-Wl,--version-script={tmp_path / 'versions'}",) if versions else ()
    command = (
        "clang",
        "--target=aarch64-unknown-linux-android",
        "-nostdlib",
        "-fuse-ld=lld",
        "-fPIC",
    )
    output(
        *command,
        "-shared",
        *script,
        "-Wl,-soname,libc.so",
        tmp_path / "libc.c",
        "-o",
        tmp_path / "libc.so",
    )
    output(*command, *flags, tmp_path / "user.c", tmp_path / "libc.so", "-o", tmp_path / "user")
    (found,) = inspect(tmp_path / "user")
    assert (found.needed, found.libc) == (("libc.so",), libc)
