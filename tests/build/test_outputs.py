"""Files are named, verified and counted by what they are for."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.build.conftest import Xxpy, tree
from xxpy.binary.requirements import Requirements
from xxpy.errors import VerificationError
from xxpy.machine import resources
from xxpy.runner import outputs, roles
from xxpy.runner.outputs import Judge, collect
from xxpy.runner.plan import Step
from xxpy.runner.roles import Role
from xxpy.table.platform import parse

PDB = b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0" + bytes(4096)
TABLE = resources.table()
MAKEFILE = """all: prog tool-1.2
prog tool-1.2: main.c
\t$(CC) $(CFLAGS) -g -o $@.exe main.c && mv $@.exe $@
install: all
\tmkdir -p $(DESTDIR)/usr/local/bin $(DESTDIR)/usr/local/include
\tcp prog tool-1.2 $(DESTDIR)/usr/local/bin
\tln -s prog $(DESTDIR)/usr/local/bin/other
\tcp main.h $(DESTDIR)/usr/local/include
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a program for Linux, a library, an archive, and what strip leaves aside; and a program for Windows."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "main.c").write_text(
        "int answer(void) { return 42; }\nint main(void) { return answer() - 42; }\n"
    )
    for command in (
        ["gcc", "-g", "main.c", "-o", "prog"],
        ["gcc", "-g", "-static", "main.c", "-o", "static"],
        ["gcc", "-shared", "-fPIC", "main.c", "-o", "library"],
        ["gcc", "-c", "main.c", "-o", "main.o"],
        ["ar", "rcs", "libmain.a", "main.o"],
        ["objcopy", "--only-keep-debug", "prog", "prog.debug"],
        ["objcopy", "--only-keep-debug", "static", "static.debug"],
        ["x86_64-w64-mingw32-gcc", "main.c", "-o", "win.exe"],
        ["x86_64-w64-mingw32-gcc", "-shared", "main.c", "-o", "win.dll"],
        ["clang", "--target=arm64-apple-macos11", "-g", "-c", "main.c", "-o", "apple.o"],
    ):
        subprocess.run(command, cwd=folder, check=True)
    companion = bytearray((folder / "apple.o").read_bytes())
    struct.pack_into("<I", companion, 12, 10)  # MH_DSYM
    (folder / "apple").write_bytes(companion)
    (folder / "win.pdb").write_bytes(PDB)
    (folder / "portable.pdb").write_bytes(b"BSJB" + bytes(60))
    (folder / "main.h").write_text("int answer(void);\n")
    (folder / "README").write_text("read me\n")
    return folder


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("prog", Role.PROGRAM),
        ("static", Role.PROGRAM),
        ("win.exe", Role.PROGRAM),
        ("library", Role.LIBRARY),
        ("win.dll", Role.LIBRARY),
        ("libmain.a", Role.ARCHIVE),
        ("prog.debug", Role.DEBUG),
        ("static.debug", Role.DEBUG),
        ("apple", Role.DEBUG),
        ("win.pdb", Role.DEBUG),
        ("portable.pdb", Role.DEBUG),
        ("main.h", Role.HEADER),
        ("README", Role.OTHER),
        ("main.o", Role.OTHER),
    ],
)
def test_roles(made: Path, name: str, role: Role) -> None:
    assert roles.role(made / name) is role


def settle(
    made: Path,
    tmp_path: Path,
    platform: str,
    files: dict[str, str],
    requirements: Requirements | None = None,
) -> list[str]:
    """Put copies of files of *made* into a stage, settle them, and return what is in the output."""
    stage = tmp_path / "stage"
    for name, source in files.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((made / source).read_bytes())
        path.chmod((made / source).stat().st_mode)
    step = Step(parse(platform, TABLE.words), (), {})
    found = Judge(step, TABLE, requirements or Requirements(), tmp_path / "log", ()).settle(
        stage, tmp_path / "out", tmp_path / "out"
    )
    assert {output.path for output in found} == {
        path for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    return [name for name in tree(tmp_path / "out") if not name.endswith("/")]


@pytest.mark.parametrize(
    ("platform", "files", "names"),
    [
        (
            "windows/amd64",
            {"win": "win.exe", "win.pdb": "win.pdb", "main.h": "main.h"},
            ["main.h", "win.exe", "win.pdb"],
        ),
        (
            "windows/amd64",
            {"prog-1.2": "win.exe", "Other.EXE": "win.exe"},
            ["Other.EXE", "prog-1.2.exe"],
        ),
        (
            "windows/amd64",
            {"library": "win.dll", "other.pyd": "win.dll"},
            ["library.dll", "other.pyd"],
        ),
        ("windows/amd64", {"prog": "win.exe", "prog.exe": "win.exe"}, ["prog", "prog.exe"]),
        (
            "linux/amd64",
            {"prog": "prog", "prog.debug": "prog.debug", "library": "library"},
            ["library.so", "prog", "prog.debug"],
        ),
        (
            "darwin/arm64",
            {"prog.dSYM/Contents/Resources/DWARF/prog": "apple"},
            ["prog.dSYM/Contents/Resources/DWARF/prog"],
        ),
    ],
)
def test_names(
    made: Path, tmp_path: Path, platform: str, files: dict[str, str], names: list[str]
) -> None:
    assert settle(made, tmp_path, platform, files) == names


def test_the_debug_file_of_a_static_program(made: Path, tmp_path: Path) -> None:
    asked = Requirements(static=True, libc="gnu")
    assert settle(
        made, tmp_path, "linux/amd64", {"static": "static", "static.debug": "static.debug"}, asked
    ) == ["static", "static.debug"]


def test_the_libc_of_a_static_program_is_checked(made: Path, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="is linked with the libc gnu, not musl"):
        settle(
            made,
            tmp_path,
            "linux/amd64",
            {"static": "static"},
            Requirements(static=True, libc="musl", linked=True),
        )


def test_a_debug_file_of_another_platform_is_refused(made: Path, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="is not a binary for linux/arm64"):
        settle(made, tmp_path, "linux/arm64", {"prog.debug": "prog.debug"})


def test_a_makefile_s_programs_for_windows(xxpy: Xxpy, module: Path, made: Path) -> None:
    (module / "go.mod").unlink()
    for name in ("main.c", "main.h"):
        (module / name).write_bytes((made / name).read_bytes())
    (module / "Makefile").write_text(MAKEFILE)
    done = xxpy("build", "--language", "make", "-p", "windows/amd64", "--cc", "gcc")
    assert done.returncode == 0, done.stderr
    folder = module / "dist/windows_amd64"
    assert tree(folder) == [
        "bin/",
        "bin/other.exe",
        "bin/prog.exe",
        "bin/tool-1.2.exe",
        "include/",
        "include/main.h",
    ]
    assert (folder / "bin/other.exe").resolve() == folder / "bin/prog.exe"
    assert "and 1 header" in done.stdout


def test_programs_of_one_name_in_two_folders(tmp_path: Path, made: Path) -> None:
    source, stage = tmp_path / "source", tmp_path / "stage"
    for number, folder in enumerate(("a", "b")):
        (source / folder).mkdir(parents=True)
        (source / folder / "prog").write_bytes((made / ("prog", "static")[number]).read_bytes())
    stage.mkdir()
    outputs.collect(source, stage, ("*",), frozenset())
    assert tree(stage) == ["b/", "b/prog", "prog"]


def test_a_folder_that_a_build_names_is_taken_whole(tmp_path: Path) -> None:
    inner = tmp_path / "prog.dSYM/Contents"
    inner.mkdir(parents=True)
    (inner / "Info.plist").write_text("")
    (tmp_path / "stage").mkdir()
    outputs.take(tmp_path / "prog.dSYM", tmp_path / "stage")
    assert tree(tmp_path / "stage") == [
        "prog.dSYM/",
        "prog.dSYM/Contents/",
        "prog.dSYM/Contents/Info.plist",
    ]


def test_what_cargo_keeps_for_itself(tmp_path: Path) -> None:
    profile = tmp_path / "target/x86_64-unknown-linux-gnu/release"
    host = tmp_path / "target/release"
    program = Path("/bin/true").resolve()
    for path in (profile / "hello", profile / "deps/hello-1a2b", host / "build/hello-3c/build"):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(program, path)
    for folder in (profile, host):
        (folder / ".cargo-lock").touch()
    (tmp_path / "tool").mkdir()
    shutil.copy2(program, tmp_path / "tool/deps")
    stage = tmp_path.with_name("stage")
    stage.mkdir()
    collect(tmp_path, stage, ("*",), frozenset())
    assert sorted(path.name for path in stage.iterdir()) == ["deps", "hello"]
