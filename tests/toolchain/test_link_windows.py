"""Linking for Windows: GNU ld's options become lld-link's as in LLVM's own MinGW driver, and programs run under wine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.toolchain.test_base import command
from xxpy.compiler.base import coff, helpers, order, windows
from xxpy.compiler.base.order import Zig
from xxpy.machine import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kit.conftest import Xxpy

TABLE = resources.table()
SHELLS = (("dash",), ("bash", "--posix"), ("busybox", "sh"))
PLATFORMS = ("windows/amd64", "windows/386", "windows/arm64")
JUDGE = ("rustc", "--print", "sysroot")
FILES = ("a.o", "f g.o", 'q"r.o', "foo.def", "one/libx.a", "two/libx.dll.a", "two/x.lib", "one/y.lib", "one/libw.dll", "one/w.dll",
         "one/z.dll", "one/q.dll.a", "one/pre-p.dll", "x.res")  # fmt: skip

# Each is a command line, its words parted by two spaces.
SAME = """
a.o|a.o  -o  x.exe|a.o  -s|a.o  -S|a.o  -s  -S|a.o  --strip-all|a.o  --strip-debug|a.o  --pdb=|a.o  --pdb=x.pdb|a.o  --pdb  x.pdb  -s
a.o  --pdb=  -S|a.o  -shared|a.o  --dll  -o  x.dll  --out-implib  lib.a|a.o  --out-implib=lib.a|a.o  --kill-at|a.o  --export-all-symbols
a.o  --exclude-all-symbols|a.o  --exclude-symbols=a,b|a.o  --output-def  x.def|foo.def  a.o|x.res  a.o|a.o  -Map=x|a.o  -Map  x
a.o  --icf=all|a.o  --icf=safe|a.o  --icf  none|a.o  -O2|a.o  --as-needed|a.o  --no-undefined|a.o  --build-id|a.o  --build-id=none
a.o  --start-group  a.o  --end-group|a.o  --no-insert-timestamp|a.o  --insert-timestamp|a.o  --fatal-warnings|a.o  --no-fatal-warnings
a.o  --allow-multiple-definition|a.o  --allow-multiple-definition  --no-allow-multiple-definition|a.o  --verbose|a.o  --no-demangle
a.o  --gc-sections|a.o  --gc-sections  --no-gc-sections|a.o  --large-address-aware|a.o  --major-image-version=3|a.o  --major-os-version=6
a.o  --minor-os-version=2|a.o  --subsystem=windows|a.o  --subsystem  console:6.1|a.o  --subsystem  windows  --major-subsystem-version  5
a.o  --stack=100,200|a.o  --stack  0x1000|a.o  --heap=3,4|a.o  --image-base=0x400000|a.o  --file-alignment=512
a.o  --section-alignment=4096|a.o  --disable-nxcompat|a.o  --disable-dynamicbase|a.o  --no-dynamicbase|a.o  --disable-high-entropy-va
a.o  --disable-tsaware|a.o  --no-seh|a.o  --no-seh  --disable-no-seh|a.o  --appcontainer|a.o  --delayload=x.dll|a.o  --entry=foo
a.o  -e  foo|a.o  -efoo|a.o  -e  _foo|a.o  -entry=_foo|a.o  -e_foo|a.o  -e  _DllMainCRTStartup@12|a.o  -u  foo|a.o  -ufoo
a.o  --undefined=foo|a.o  --require-defined=foo|a.o  --undefined-glob=f*|a.o  --wrap=foo|a.o  --disable-auto-import
a.o  --disable-runtime-pseudo-reloc|a.o  --disable-stdcall-fixup|a.o  --enable-stdcall-fixup|a.o  --guard-cf|a.o  --guard-cf  --no-guard-cf
a.o  --guard-cf  --no-guard-longjmp|a.o  --reproduce=x.tar|a.o  --Xlink=-foo|a.o  --error-limit=3|a.o  --threads=4|a.o  --functionpadmin
a.o  --functionpadmin=5|a.o  --dependent-load-flag=0x800|a.o  --disable-reloc-section|a.o  --fat-lto-objects|a.o  --lto-O2|a.o  --lto-CGO1
a.o  --lto-emit-asm|a.o  --lto-cs-profile-generate|a.o  --lto-cs-profile-file=x|a.o  --lto-sample-profile=y|a.o  --plugin-opt=-foo
a.o  --plugin-opt=O3|a.o  --plugin-opt=jobs=3|a.o  -plugin-opt=mcpu=x86-64|a.o  --plugin-opt=dwo_dir=x|a.o  --plugin-opt=emit-asm
a.o  --plugin=x|a.o  --thinlto-cache-dir=x|a.o  --thinlto-jobs=3|a.o  --sysroot=/x|a.o  -mllvm  -foo|a.o  -mllvm=-foo|a.o  --pic-executable
a.o  --enable-auto-image-base|a.o  --disable-auto-image-base|a.o  --full-shutdown|a.o  -Lone  -Ltwo  -lx  -ly  -lw  -lz  -lq
-lx  a.o  -Ltwo  -L  one|a.o  -Bstatic  -lx  -Lone  -Ltwo  -Bdynamic  -lx|-static  -lx  -Ltwo|-l:libx.a  -Lone|-l  x  -Lone
-Lone  -lp  --dll-search-prefix=pre-|-Lone  -lw  --dll-search-prefix=pre-|--whole-archive  a.o  -lx  -Lone  --no-whole-archive  -ly
--whole-archive  foo.def|@rsp|@nested  a.o|a.o  -ox  -oy
"""
"""What LLVM's driver and the script make the same of."""

REFUSED = """
a.o  --foo|a.o  -z|a.o  -pie|a.o  -T  x.ld|a.o  -Tx.ld|a.o  --defsym=a=b|a.o  -r|a.o  --version-script=x|a.o  --dynamic-list=x|a.o  -M
a.o  --icf=x|a.o  -lnothing|a.o  -l:nothing  -Lone|a.o  -o|a.o  --out-implib|a.o  --|a.o  --s|a.o  --o  x|a.o  --lx  -Lone|a.o  -Mapx
a.o  -implib:x|a.o  -m  elf_x86_64|a.o  -Wl,-s|a.o  --large-address-awar|a.o  --thinlto-jobs  3|a.o  --plugin-opt  x|-o  x
a.o  --unresolved-symbols=ignore-all|a.o  --no-warn-mismatch
"""
"""What both refuse."""


IGNORED = """
-soname  x|-soname=x|--soname=x|-h  x|-hx|-rpath-link  x|--rpath-link=x|-Bsymbolic|-Bsymbolic-functions|-Bno-symbolic|--sort-common
--relax|--no-relax|--allow-shlib-undefined|--no-allow-shlib-undefined|--add-needed|--no-add-needed|--copy-dt-needed-entries
--no-copy-dt-needed-entries|--no-keep-memory
"""
"""What means something for ELF only: GNU ld ignores it for Windows, and LLVM's driver refuses it."""


def cases(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split("  ")) for line in text.strip().replace("\n", "|").split("|")]


@pytest.fixture
def link(tmp_path: Path) -> Callable[[str, str], list[str]]:
    """Return how to call the script for a platform."""

    def call(platform: str, shell: str = "dash") -> list[str]:
        row = TABLE.rows[next(one for one in TABLE.rows if str(one) == platform)]
        made = order.Order("target", None, "triple", (), "pe", "", windows=windows.needs(row))
        script = tmp_path / f"{platform.replace('/', '_')}.sh"
        script.write_text(windows.linker(Zig("zig", "0", ("", "")), made, Path()).script)
        return [*next(words for words in SHELLS if words[0] == shell), str(script)]

    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "rsp").write_text('-o "x y.exe" a.o\n-Lone \'-lx\'\n f\\ g.o "q\\"r.o"\n')
    (tmp_path / "nested").write_text('"-o" "foo.exe" "@rsp"')
    return call


@cache
def judge() -> str:
    """Return rustup's lld, which has LLVM's MinGW driver."""
    root = subprocess.run(JUDGE, capture_output=True, text=True, check=True).stdout.strip()
    return str(next(Path(root).glob("lib/rustlib/*/bin/gcc-ld/ld.lld")))


def said(words: list[str], folder: Path) -> tuple[bool, list[str]]:
    """Return whether a linker takes the options, and the words for lld-link."""
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    lines = [
        line for line in (done.stdout + done.stderr).splitlines() if line.startswith("lld-link")
    ]
    return done.returncode == 0, lines[0].split(" ")[2:] if lines else []


def parted(words: list[str], given: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the options in any order, without what differs by intent, and the inputs in theirs."""
    inputs = [
        word
        for word in words
        if not word.startswith("-") or word.startswith(("-def:", "-wholearchive:"))
    ]
    free = {"-Brepro", "-fat-lto-objects:no", "-pdbaltpath:%_PDB%"}
    if not any("build-id" in word for word in given):
        free |= {"-build-id", "-build-id:no"}
    return sorted(word.lower() for word in words if word not in inputs and word not in free), inputs


@pytest.mark.parametrize("platform", PLATFORMS[:2])
def test_options_become_what_llvm_makes_of_them(
    platform: str, link: Callable[..., list[str]], tmp_path: Path
) -> None:
    row = TABLE.rows[next(one for one in TABLE.rows if str(one) == platform)]
    assert row.linker is not None
    wrong = []
    known = (
        cases(SAME)
        if platform == PLATFORMS[0]
        else [words for words in cases(SAME) if len(words) == 1 or "_" in "".join(words)]
    )
    for words in known:
        expected = said([judge(), "-m", str(row.linker.emulation), "-###", *words], tmp_path)
        found = said([*link(platform), "-m", str(row.linker.emulation), "-###", *words], tmp_path)
        assert expected[0], words
        if not found[0] or parted(expected[1], words) != parted(found[1], words):
            wrong.append((words, parted(expected[1], words), parted(found[1], words)))
    assert wrong == []


def test_what_is_not_known_is_refused(link: Callable[..., list[str]], tmp_path: Path) -> None:
    for words in cases(REFUSED):
        assert not said([judge(), "-m", "i386pep", "-###", *words], tmp_path)[0], words
        done = subprocess.run(
            [*link(PLATFORMS[0]), "-###", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, words
        assert done.stderr.startswith("lld: error: "), words


@pytest.mark.parametrize(
    "words", [("",), ("a\037b.o",), ("-o", "\037"), ("@control",), ("--Xlink=",)]
)
def test_words_that_would_be_lost_are_refused(
    words: tuple[str, ...], link: Callable[..., list[str]], tmp_path: Path
) -> None:
    (tmp_path / "control").write_bytes(b"a\x1fb.o\n")
    done = subprocess.run(
        [*link(PLATFORMS[0]), "-###", "a.o", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("lld: error: ")


@pytest.mark.parametrize("shell", [words[0] for words in SHELLS])
def test_many_files_stay_in_order(
    shell: str, link: Callable[..., list[str]], tmp_path: Path
) -> None:
    """More than a piece of the list has."""
    for number in (1, 63, 64, 65, 128, 1000):
        names = [f"file {index}.o" for index in range(number)]
        (tmp_path / "many").write_text("".join(f'"{name}"\n' for name in names))
        for words in (names, ["@many"]):
            done = subprocess.run(
                [*link(PLATFORMS[0], shell), "-###", *words],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.endswith(
                f" -alternatename:__image_base__=__ImageBase {' '.join(names)}\n"
            )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_script_is_clean(platform: str, link: Callable[..., list[str]]) -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(
        [shellcheck, "-s", "sh", link(platform)[-1]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_what_gnu_ld_takes_besides(link: Callable[..., list[str]], tmp_path: Path) -> None:
    words = (
        "--push-state",
        "-Bstatic",
        "--whole-archive",
        "-lx",
        "--pop-state",
        "-lx",
        "-Lone",
        "-Ltwo",
        "-(",
        "a.o",
        "-)",
        "--no-as-needed",
    )
    taken, found = said([*link(PLATFORMS[0]), "-###", *words], tmp_path)
    assert taken
    assert [word for word in found if "x" in word and "lib" in word and "path" not in word] == [
        "-wholearchive:one/libx.a",
        "one/libx.a",
    ]


def test_what_gnu_ld_ignores_changes_nothing(
    link: Callable[..., list[str]], tmp_path: Path
) -> None:
    plain = said([*link(PLATFORMS[0]), "-###", "a.o"], tmp_path)
    (tmp_path / "empty.c").touch()
    gnu = "x86_64-w64-mingw32-"
    compiled = [f"{gnu}gcc", "-c", "-o", "empty.o", "empty.c"]
    subprocess.run(compiled, cwd=tmp_path, check=True)
    for words in cases(IGNORED):
        judged = [f"{gnu}ld", "-shared", "-o", "x.dll", "empty.o", *words]
        assert subprocess.run(judged, cwd=tmp_path, check=False).returncode == 0, words
        assert said([*link(PLATFORMS[0]), "-###", *words, "a.o"], tmp_path) == plain, words


@pytest.mark.parametrize("shell", [words[0] for words in SHELLS])
def test_words_arrive_as_they_are(
    shell: str, link: Callable[..., list[str]], tmp_path: Path
) -> None:
    """No word is split, expanded or run, whatever is in it."""
    names = [
        " a b.o",
        "$(touch ran).o",
        "`touch ran`.o",
        "a'b\"c.o",
        "*.o",
        "\\x.o",
        "line\nend.o",
        "ä\x7f.o",
        "${HOME}.o",
        "-",
        "a;b.o",
    ]
    folder = "$(touch ran) 'x'"
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "lib$y.a").touch()
    fake = tmp_path / "zig"
    fake.write_text("#!/bin/sh\nfor word; do printf '%s\\0' \"$word\"; done\n")
    fake.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    words = ["-o", "o $x.exe", *names, "-L", folder, "-l$y", "--out-implib=`x`"]
    done = subprocess.run(
        [*link(PLATFORMS[0], shell), *words],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env=environment,
    )
    found = [os.fsdecode(word) for word in done.stdout.split(b"\0")[:-1]]
    assert found[-len(names) - 1 :] == [*names, f"{folder}/lib$y.a"]
    assert {"-out:o $x.exe", "-implib:`x`", f"-libpath:{folder}"} <= set(found)
    assert not (tmp_path / "ran").exists()


def test_response_files(link: Callable[..., list[str]], tmp_path: Path) -> None:
    (tmp_path / "loop").write_text("@loop")
    (tmp_path / "open").write_text('"a.o')
    (tmp_path / "line").write_text('"a\nb.o"')
    (tmp_path / "empty").write_text("")
    for name in ("loop", "open", "line"):
        done = subprocess.run(
            [*link(PLATFORMS[0]), "-###", f"@{name}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "response file" in done.stderr) == (1, True), name
    many = [f"object{number}.o" for number in range(3000)]
    (tmp_path / "many").write_text(" ".join(f'"{name}"' for name in many))
    taken, found = said([*link(PLATFORMS[0]), "-###", "@many", "@empty"], tmp_path)
    assert taken
    assert found[-3000:] == many


def test_compiler_rt_is_cut(tmp_path: Path) -> None:
    """A member has one helper and what it needs; a function of the C runtime that a helper calls has no name outside."""
    source = "int taken(int x) { return x + 1; }\nint helper(int x) { return taken(x) * 2; }\nint other(int x) { return helper(x); }\n"
    (tmp_path / "a.c").write_text(source)
    clang = [
        "clang",
        "--target=x86_64-w64-windows-gnu",
        "-O1",
        "-fno-inline",
        "-ffunction-sections",
        "-c",
        "a.c",
        "-o",
        "a.obj",
    ]
    subprocess.run(clang, cwd=tmp_path, check=True)
    whole = coff.Object((tmp_path / "a.obj").read_bytes(), {"taken"}, "")
    members = dict(helpers.members(whole))
    assert set(members) == {"helper", "other"}
    seen = {}
    for name, data in members.items():
        (tmp_path / f"{name}.o").write_bytes(data)
        listed = subprocess.run(
            ["llvm-nm", f"{name}.o"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout
        seen[name] = {tuple(line.split()[-2:]) for line in listed.splitlines()}
    assert {("T", "helper"), ("t", "taken")} <= seen["helper"]
    assert {("T", "other"), ("U", "helper")} <= seen["other"]


HELLO = """#include <math.h>
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
  long double x = argc + 0.5L;
  printf("%zu %.3f %d\\n", strlen("four") + argc, sin(argc), (int)(truncl(x) * 10));
  return memcmp(argv[0], "", 1) == 0;
}
"""


def imports(program: Path) -> dict[str, set[str]]:
    """Return the names that a program imports, by DLL."""
    text = subprocess.run(
        ["llvm-readobj", "--coff-imports", program], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, set[str]] = {}
    for block in text.split("Import {")[1:]:
        (name,) = re.findall(r"Name: (\S+)", block)
        found.setdefault(name, set()).update(re.findall(r"Symbol: (\S+)", block))
    return found


def exports(program: Path) -> set[str]:
    text = subprocess.run(
        ["llvm-readobj", "--coff-exports", program], capture_output=True, text=True, check=True
    ).stdout
    return set(re.findall(r"Name: (\S+)", text))


def build(xxpy: Xxpy, *words: str) -> None:
    done = xxpy.run(*words)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_program(xxpy: Xxpy) -> None:
    """The same bytes each time, without a PDB, a time or an id; functions of the C runtime are its own."""
    cc = command(xxpy.kit("windows/amd64", "--cc", "zig"), "clang")
    (xxpy.folder / "a.c").write_text(HELLO)
    build(xxpy, cc, "-O2", "a.c", "-o", "a.exe", "-lws2_32", "-luuid", "-lole32")
    build(xxpy, cc, "-O2", "a.c", "-o", "b.exe", "-lws2_32", "-luuid", "-lole32")
    data = (xxpy.folder / "a.exe").read_bytes()
    assert data == (xxpy.folder / "b.exe").read_bytes()
    assert b"pdb" not in data
    assert len(data) < 50_000
    assert not list(xxpy.folder.glob("*.pdb"))
    assert {"memcmp", "strlen", "sin"} & set().union(*imports(xxpy.folder / "a.exe").values()) >= {
        "sin"
    }
    assert xxpy("verify", "--platform", "windows/amd64", "a.exe").returncode == 0
    assert xxpy("run", "--platform", "windows/amd64", "a.exe").stdout.split() == [
        "5",
        "0.841",
        "10",
    ]


LIBRARY = """__declspec(dllexport) int twice(int x) { return 2 * x; }
int thrice(int x) { return 3 * x; }
int data = 5;
"""
USER = """#include <stdio.h>
int twice(int), thrice(int);
extern int data;
int main(void) { return printf("%d %d %d\\n", twice(1), thrice(1), data) < 0; }
"""
PLAIN = "int thrice(int x) { return 3 * x; }\n"
WIDE = '#include <stdio.h>\n#include <wchar.h>\nint wmain(int n, wchar_t **v) { return printf("%d %ls\\n", n, v[1]) < 0; }\n'
WINDOW = "#include <windows.h>\nint WINAPI WinMain(HINSTANCE a, HINSTANCE b, LPSTR c, int d) { return 7; }\n"
SAFE = """#include <pthread.h>
#include <stdio.h>
#include <string.h>
static void *run(void *x) { *(int *)x = 3; return 0; }
int main(int n, char **v) {
  char copy[512];
  strcpy(copy, v[0]);
  pthread_t thread;
  int seen = 0;
  pthread_create(&thread, 0, run, &seen);
  pthread_join(thread, 0);
  return printf("%d %d\\n", copy[0] != 0, seen) < 0;
}
"""


@pytest.fixture
def windows_cc(xxpy: Xxpy) -> str:
    for name, text in {
        "d.c": LIBRARY,
        "u.c": USER,
        "p.c": PLAIN,
        "w.c": WIDE,
        "g.c": WINDOW,
        "s.c": SAFE,
    }.items():
        (xxpy.folder / name).write_text(text)
    (xxpy.folder / "d.def").write_text("LIBRARY named.dll\nEXPORTS\n thrice\n")
    return command(xxpy.kit(PLATFORMS[0], "--cc", "zig"), "clang")


def ran(xxpy: Xxpy, program: str, *words: str) -> list[str]:
    return xxpy("run", "--platform", PLATFORMS[0], program, *words).stdout.split()


@pytest.mark.slow
def test_libraries_export_what_mingw_exports(xxpy: Xxpy, windows_cc: str) -> None:
    gcc = "x86_64-w64-mingw32-gcc"
    kinds = {
        "marked": ("d.c",),
        "all": ("d.c", "-Wl,--export-all-symbols"),
        "plain": ("p.c",),
        "listed": ("p.c", "d.c", "d.def"),
    }
    kinds["listed"] = ("d.c", "d.def")
    for kind, words in kinds.items():
        build(
            xxpy,
            windows_cc,
            "-shared",
            *words,
            "-o",
            f"{kind}.dll",
            f"-Wl,--out-implib,lib{kind}.dll.a",
        )
        build(xxpy, gcc, "-shared", *words, "-o", f"{kind}.gcc.dll")
        assert exports(xxpy.folder / f"{kind}.dll") == exports(xxpy.folder / f"{kind}.gcc.dll"), (
            kind
        )
    build(xxpy, windows_cc, "u.c", "-L.", "-lall", "-o", "u.exe")
    assert ran(xxpy, "u.exe") == ["2", "3", "5"]
    build(xxpy, windows_cc, "u.c", "all.dll", "-o", "v.exe")
    assert (
        imports(xxpy.folder / "v.exe")["all.dll"]
        == imports(xxpy.folder / "u.exe")["all.dll"]
        == {"twice", "thrice", "data"}
    )


STDCALL = """__declspec(dllexport) int __stdcall f(int x) { return x; }
int __stdcall g(int x, int y) { return x + y; }
__declspec(dllexport) int h(void) { return 1; }
"""


@pytest.mark.slow
def test_names_of_functions_with_the_size_of_their_arguments(xxpy: Xxpy) -> None:
    """On 386 names of stdcall functions end in it, in the program's own libraries; Windows' are exported without."""
    cc = command(xxpy.kit("windows/386", "--cc", "zig"), "clang")
    (xxpy.folder / "s.c").write_text(STDCALL)
    (xxpy.folder / "s.def").write_text("EXPORTS\n g\n")
    for words in (
        ("s.c",),
        ("s.c", "-Wl,--kill-at"),
        ("s.c", "-Wl,--export-all-symbols"),
        ("s.c", "s.def"),
    ):
        build(xxpy, cc, "-shared", *words, "-o", "s.dll")
        assert xxpy.run("i686-w64-mingw32-gcc", "-shared", *words, "-o", "g.dll").returncode == 0
        assert exports(xxpy.folder / "s.dll") == exports(xxpy.folder / "g.dll"), words
    (xxpy.folder / "w.c").write_text(
        '#include <windows.h>\nint main(void) { return MessageBoxA(0, "a", "b", 0); }\n'
    )
    build(xxpy, cc, "w.c", "-o", "w.exe")
    assert "MessageBoxA" in imports(xxpy.folder / "w.exe")["USER32.dll"]


@pytest.mark.slow
def test_every_library_of_mingw_is_there(xxpy: Xxpy) -> None:
    """But those of other C runtimes, of profiling, and umbrellas over everything in Windows."""
    cc = command(xxpy.kit("windows/amd64", "--cc", "zig"), "clang")
    root = Path(xxpy.run(cc, "-print-file-name=libmingw32.a").stdout.strip()).parent
    own = {path.name for path in root.glob("*.a")}
    debian = {
        path.name
        for path in Path("/usr/x86_64-w64-mingw32/lib").glob("*.a")
        if not path.name.endswith(".dll.a")
    }
    left = re.compile(
        r"lib(msvc|ucrtapp|gmon|adsiid|delayimp|ksguid|mincore|mingwthrd|scrnsav|windowsapp|winstorecompat)"
    )
    assert {name for name in debian - own if not left.match(name)} == set()


@pytest.mark.slow
def test_kinds_of_programs(xxpy: Xxpy, windows_cc: str) -> None:
    build(xxpy, windows_cc, "-municode", "w.c", "-o", "w.exe")
    assert ran(xxpy, "w.exe", "word") == ["2", "word"]
    build(xxpy, windows_cc, "-mwindows", "g.c", "-o", "g.exe")
    headers = subprocess.run(
        ["llvm-readobj", "--file-headers", xxpy.folder / "g.exe"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "IMAGE_SUBSYSTEM_WINDOWS_GUI" in headers
    for flags in (
        ("-O2", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"),
        ("-static", "-pthread"),
        ("-O2", "-flto"),
        ("-O2", "-flto=thin", "-s"),
    ):
        build(xxpy, windows_cc, *flags, "s.c", "-o", "s.exe")
        assert ran(xxpy, "s.exe") == ["1", "3"], flags


@pytest.mark.slow
def test_debug_information(xxpy: Xxpy, windows_cc: str) -> None:
    """It is in the program as DWARF, or in a PDB beside it where one is asked for, under its own name."""
    build(xxpy, windows_cc, "-g", "u.c", "d.c", "-o", "u.exe")
    sections = subprocess.run(
        ["llvm-readobj", "-S", xxpy.folder / "u.exe"], capture_output=True, text=True, check=True
    ).stdout
    assert ".debug_info" in sections
    assert not list(xxpy.folder.glob("*.pdb"))
    build(xxpy, windows_cc, "-g", "-gcodeview", "-c", "u.c", "-o", "u.o")
    build(xxpy, windows_cc, "-g", "-gcodeview", "-c", "d.c", "-o", "d.o")
    for _ in range(2):
        build(xxpy, windows_cc, "u.o", "d.o", "-Wl,--pdb=", "-o", "v.exe")
        data = (xxpy.folder / "v.exe").read_bytes()
        assert b"\0v.pdb\0" in data.replace(b"RSDS", b"\0").replace(b"v.pdb", b"\0v.pdb")
        assert (xxpy.folder / "v.pdb").exists()
        assert str(xxpy.folder).encode() not in data
    assert data == (xxpy.folder / "v.exe").read_bytes()


@pytest.mark.slow
def test_an_unknown_option_or_library_is_refused(xxpy: Xxpy, windows_cc: str) -> None:
    for word, text in (
        ("-Wl,--defsym=a=b", "unknown argument: --defsym=a=b"),
        ("-ldl", "unable to find library -ldl"),
    ):
        done = xxpy.run(windows_cc, "u.c", "d.c", word, "-o", "x.exe")
        assert done.returncode == 1
        assert text in done.stderr
        assert not (xxpy.folder / "x.exe").exists()


CXX = """#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>
void refuse();
thread_local int own = 1;
int main() {
  int sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) std::thread([&, i] { own += i; sum += own; }).join();
  try { refuse(); } catch (const std::runtime_error &error) { std::cout << error.what() << " " << sum << " "; }
  std::cout << std::filesystem::exists(".") << " " << std::to_string(8 * sizeof(void *)) << std::endl;
}
"""
THROWS = '#include <stdexcept>\n__declspec(dllexport) void refuse() { throw std::runtime_error("refused"); }\n'


@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
def test_cxx(platform: str, xxpy: Xxpy) -> None:
    """Exceptions that cross a DLL, threads, thread-local variables and streams; the program is whole without other DLLs."""
    (xxpy.folder / "a.cc").write_text(CXX)
    (xxpy.folder / "b.cc").write_text(THROWS)
    cxx = command(xxpy.kit(platform, "--cc", "zig"), "clang++")
    assert (
        xxpy.run(
            cxx, "-std=c++20", "-shared", "b.cc", "-o", "b.dll", "-Wl,--out-implib,libb.dll.a"
        ).returncode
        == 0
    )
    for flags in ((), ("-static",), ("-O2", "-flto")):
        build(xxpy, cxx, "-std=c++20", *flags, "a.cc", "b.dll", "-o", "a.exe")
        assert xxpy("verify", "--platform", platform, "a.exe").returncode == 0
        names = {name.lower() for name in imports(xxpy.folder / "a.exe")} - {
            "b.dll",
            "kernel32.dll",
        }
        assert all(name.startswith("api-ms-win-crt-") for name in names), names
        if platform == PLATFORMS[0]:
            assert ran(xxpy, "a.exe") == ["refused", "10", "1", "64"]


def test_streams_of_a_program_and_a_dll(xxpy: Xxpy) -> None:
    """Each has its own libc++, and the facets of one are found by the numbers of the other."""
    dll = "#include <ostream>\n__declspec(dllexport) void say(std::ostream &to) { to << 42 << ' ' << 1.5 << std::endl; }\n"
    program = "#include <iostream>\n#include <sstream>\nvoid say(std::ostream &);\nint main() { std::ostringstream text; say(text); std::cout << text.str(); }\n"
    (xxpy.folder / "a.cc").write_text(program)
    (xxpy.folder / "b.cc").write_text(dll)
    cxx = command(xxpy.kit("windows/amd64", "--cc", "zig"), "clang++")
    library = ("-shared", "b.cc", "-o", "b.dll", "-Wl,--out-implib,libb.dll.a")
    for words in (library, ("a.cc", "b.dll", "-o", "a.exe")):
        done = xxpy.run(cxx, *words)
        assert done.returncode == 0, done.stderr
    assert ran(xxpy, "a.exe") == ["42", "1.5"]
