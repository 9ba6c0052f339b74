"""Base sysroots: programs for every ELF target that clang and zig's parts link, as their files and under QEMU."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xxpy.compiler.base.parts import Parts
from xxpy.machine import resources

if TYPE_CHECKING:
    from tests.kit.conftest import Xxpy

PROGRAMS = Path(__file__).with_name("programs")
TABLE = resources.table()
BITS_32 = {row.platform.architecture for row in TABLE.rows.values() if row.data.bits == 32}
LIBC = re.compile(r"\b(memcpy|memmove|memset|strlen|sin|fma)\b")


def targets() -> list[tuple[str, str]]:
    """Every Linux platform without variants of levels that zig has a libc for, with each libc; the BSDs by their own."""
    found = []
    for row in TABLE.rows.values():
        if row.zig is None or row.zig.unable or row.file.format != "elf" or row.android is not None:
            continue
        if (
            row.platform.variant
            and row.clang is not None
            and row.clang.march
            and row.platform.architecture not in BITS_32
        ):
            continue  # a level, whose libc is that of the architecture
        names = (
            {"gnu": row.zig.gnu, "musl": row.zig.musl} if row.triple.libc else {"": row.zig.target}
        )
        found += [(str(row.platform), libc) for libc, name in names.items() if name]
    return found


def options(libc: str) -> tuple[str, ...]:
    return ("--libc", libc) if libc else ()


@pytest.mark.parametrize(("platform", "libc"), [("linux/arm64", "gnu"), ("linux/amd64", "musl")])
def test_quick(platform: str, libc: str, xxpy: Xxpy) -> None:
    check_c(platform, libc, xxpy)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("platform", "libc"), targets(), ids=lambda value: value.replace("/", "-") or "own"
)
def test_every_target(platform: str, libc: str, xxpy: Xxpy) -> None:
    """C, C++ with exceptions that cross a shared library, threads and streams, LTO; on musl static and static-pie as well."""
    check_c(platform, libc, xxpy)
    kit = xxpy.kit(platform, "--cc", "zig", *options(libc))
    cxx = command(kit, "clang++")
    more = ("-ldl",) if libc else ()
    library = (cxx, "-O2", "-shared", "-fPIC", str(PROGRAMS / "library.cc"), "-o", "liblibrary.so")
    program = (
        cxx,
        "-O2",
        str(PROGRAMS / "program.cc"),
        "-L.",
        "-llibrary",
        "-Wl,-rpath,$ORIGIN",
        "-pthread",
        *more,
    )
    # In two steps: clang's driver passes bit-code for NetBSD only to a linker that it does not compile for.
    bitcode = (cxx, "-O2", "-flto", "-c", str(PROGRAMS / "program.cc"), "-o", "program.o")
    lto = (*program[:2], "-flto", "program.o", *program[3:], "-o", "lto")
    for words in (library, (*program, "-o", "dynamic"), bitcode, lto):
        done = xxpy.run(*words)
        assert done.returncode == 0, done.stderr
    assert xxpy("verify", "--platform", platform, "dynamic", "lto", "liblibrary.so").returncode == 0
    (xxpy.folder / "streams.cc").write_text(STREAMS)
    for mode in ("-static", "-static-pie") if libc == "musl" else ():
        done = xxpy.run(cxx, "-O2", mode, "streams.cc", "-o", "streams")
        assert done.returncode == 0, done.stderr
        assert xxpy("verify", "--static", "--platform", platform, "streams").returncode == 0
        assert xxpy("run", "--platform", platform, "streams").stdout == "caught\n"


RELEASE = """
#include <sys/param.h>
#if !defined(__FreeBSD_version) || __FreeBSD_version / 100000 != __FreeBSD__ || __FreeBSD__ < 13
#error "the compiler does not say which FreeBSD this is"
#endif
"""


@pytest.mark.parametrize(
    "platform",
    [
        "freebsd/amd64",
        "freebsd/arm/v7",
        "netbsd/arm64",
        "darwin/arm64",
        "windows/amd64",
        "linux/arm64",
    ],
)
def test_old_cxx_compiles(platform: str, xxpy: Xxpy) -> None:
    text = "#include <string>\n#include <vector>\nint main() { return std::vector<std::string>(1).size(); }\n"
    (xxpy.folder / "main.cc").write_text(text)
    command = "for s in c++98 gnu++98 c++11; do $CXX -std=$s -c main.cc || exit; done"
    done = xxpy("exec", "--cc", "zig", "--platform", platform, "--", "sh", "-c", command)
    assert done.returncode == 0, done.stderr


def test_the_release_of_freebsd(xxpy: Xxpy) -> None:
    """zig's headers leave it to the compiler, and clang says 8 without a release in the target."""
    (xxpy.folder / "release.c").write_text(RELEASE)
    command = '$CC -c release.c && $CXX -c -x c++ release.c && [ "$(cat release.o | wc -c)" -gt 0 ]'
    done = xxpy("exec", "--cc", "zig", "--platform", "freebsd/amd64", "--", "sh", "-c", command)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("target", "release", "macros"),
    [
        ("x86_64-unknown-freebsd14.0.0-unknown", "14", ("-D__FreeBSD_version=1400500",)),
        ("arm-unknown-netbsd10.1.0-eabihf", "10", ("-D__NetBSD_Version__=1001000000",)),
        ("x86_64-unknown-openbsd7.8.0-unknown", "7", ("-D___OpenBSD=202510", "-DOpenBSD7_8")),
        ("wasm32-unknown-wasi-musl", "", ()),
    ],
)
def test_what_zig_tells_clang_about_the_system(
    target: str, release: str, macros: tuple[str, ...]
) -> None:
    words = ("zig", "clang", "p.c", "-target", target, "-DNDEBUG", *macros, "-isystem", "/include")
    found = Parts((), words, ())
    assert (found.release, found.definitions) == (release, macros)


FLAGGED = [
    (row.clang.gnu or row.clang.target, flags)
    for row in TABLE.rows.values()
    if row.clang is not None and row.zig is not None and (row.clang.gnu or row.clang.target)
    for flags in (row.clang.flags, row.zig.abi_before, row.zig.abi_since)
    if flags
]


@pytest.mark.parametrize(("triple", "flags"), sorted(set(FLAGGED)))
def test_flags_of_the_table_are_no_reason_to_warn(
    triple: str, flags: tuple[str, ...], tmp_path: Path
) -> None:
    """Go compiles its own part of cgo with ``-Werror``."""
    zig = (sys.executable, "-m", "ziglang", "clang", "--no-default-config", f"--target={triple}")
    (tmp_path / "a.c").write_text("int answer(void) { return 42; }\n")
    done = subprocess.run(
        (*zig, *flags, "-Werror", "-c", "a.c"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


LIBC_PROGRAM = """#include <stdio.h>
#ifdef __GLIBC__
#define LIBC "glibc"
#else
#define LIBC "not glibc"
#endif
int main(void) { puts(LIBC); return 0; }
"""


@pytest.mark.parametrize(("libc", "said"), [("musl", "not glibc"), ("gnu", "glibc")])
def test_the_libc_that_was_asked_for(libc: str, said: str, xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.c").write_text(LIBC_PROGRAM)
    done = xxpy("build", "--libc", libc, "hello.c")
    assert done.returncode == 0, done.stderr
    (program,) = (xxpy.folder / "dist").rglob("hello")
    assert xxpy.run(str(program)).stdout == f"{said}\n"


def test_cgo_for_musl_is_static(xxpy: Xxpy) -> None:
    """Go says ``-Wl,--export-dynamic-symbol=…`` when it links, which is no wish for a dynamic program."""
    (xxpy.folder / "go.mod").write_text("module hello\n\ngo 1.21\n")
    (xxpy.folder / "main.go").write_text(
        'package main\n\n// static int answer(void) { return 42; }\nimport "C"\n\nfunc main() { println(C.answer()) }\n'
    )
    done = xxpy("build", "--cgo", "--libc", "musl")
    assert done.returncode == 0, done.stderr
    (program,) = (path for path in (xxpy.folder / "dist").rglob("hello") if path.is_file())
    assert xxpy("verify", "--static", str(program)).returncode == 0
    assert xxpy.run(str(program)).stderr == "42\n"


def test_one_build_has_one_compiler(xxpy: Xxpy) -> None:
    (xxpy.folder / "hello.c").write_text(LIBC_PROGRAM)
    plan = json.loads(
        xxpy("build", "--dry-run", "-p", "linux/amd64,linux/arm64,linux/s390x", "hello.c").stdout
    )
    assert "," not in plan["tool"], plan["tool"]
    both = json.loads(
        xxpy("build", "--dry-run", "-p", "linux/amd64,linux/arm64,wasi/wasm", "hello.c").stdout
    )
    assert both["tool"], both


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm64", "linux/arm/v7"])
def test_exceptions_cross_shared_libraries(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig", "--libc", "gnu")
    cxx = command(kit, "clang++")
    assert (
        xxpy.run(
            cxx, "-O2", "-shared", "-fPIC", str(PROGRAMS / "library.cc"), "-o", "liblibrary.so"
        ).returncode
        == 0
    )
    words = ("-L.", "-llibrary", "-Wl,-rpath,$ORIGIN", "-pthread", "-ldl", "-o", "program")
    assert xxpy.run(cxx, "-O2", str(PROGRAMS / "program.cc"), *words).returncode == 0
    record = json.loads((kit / "kit.json").read_text("utf-8"))
    ran = xxpy.run(*(record["emulator"] or ()), "./program", "dlopen")
    assert ran.stdout == "15 10 15\n", ran.stderr


SPEAKS = """#include <sstream>
#include <stdexcept>
void print(std::ostream &to) { to << 42 << ' ' << 1.5 << std::endl; }
std::string say(int number) { std::ostringstream text; text << number << 'x'; return text.str(); }
void refuse() { std::ostringstream text; text << "no " << 1; throw std::runtime_error(text.str()); }
"""
LISTENS = """#include <iostream>
#include <sstream>
#include <stdexcept>
std::string say(int); void refuse(); void print(std::ostream &);
int main() {
  print(std::cout);
  for (int i = 0; i < 9; i++) { std::ostringstream text; text << say(i); std::istringstream back(text.str()); back >> i; }
  try { refuse(); } catch (std::runtime_error &error) { std::cout << error.what() << std::endl; }
}
"""


@pytest.mark.parametrize("platform", ["linux/amd64", "linux/arm64", "linux/arm/v7"])
def test_streams_of_a_program_and_its_shared_library(platform: str, xxpy: Xxpy) -> None:
    """Each has its own libc++, and an object that one makes may not be destroyed by the other."""
    kit = xxpy.kit(platform, "--cc", "zig", "--libc", "gnu")
    cxx = command(kit, "clang++")
    (xxpy.folder / "speaks.cc").write_text(SPEAKS)
    (xxpy.folder / "listens.cc").write_text(LISTENS)
    library = ("-shared", "-fPIC", "speaks.cc", "-o", "libspeaks.so")
    program = ("listens.cc", "-L.", "-lspeaks", "-Wl,-rpath,$ORIGIN", "-o", "listens")
    for optimization in ("-O0", "-O2"):
        for words in (library, program):
            assert xxpy.run(cxx, optimization, *words).returncode == 0
        record = json.loads((kit / "kit.json").read_text("utf-8"))
        ran = xxpy.run(*(record["emulator"] or ()), "./listens")
        assert (ran.returncode, ran.stdout) == (0, "42 1.5\nno 1\n"), ran.stderr


@pytest.mark.parametrize("platform", ["linux/arm64", "linux/arm/v7", "windows/amd64"])
def test_libtool_links_shared_libraries_of_cxx(platform: str, xxpy: Xxpy) -> None:
    """It names what the driver would link, but for libraries that the driver does not name by -l."""
    cxx = command(xxpy.kit(platform, "--cc", "zig", "--libc", "gnu"), "clang++")
    (xxpy.folder / "speaks.cc").write_text(
        f"{SPEAKS}long double rounded(long double value) {{ return __builtin_roundl(value); }}\n"
    )
    words = ("-shared", "-fPIC", "-O2", "speaks.cc", "-o", "speaks.lib")
    driver = shlex.split(xxpy.run(cxx, "-###", *words).stderr.splitlines()[-1])
    named = [
        word
        for word in driver
        if word.startswith(("-l", "-L")) or re.search(r"/\w*crt\w*\.o$", word)
    ]
    complete = () if platform.startswith("windows") else ("-Wl,-z,defs",)
    done = xxpy.run(cxx, *words, "-nostdlib", *named, *complete)
    assert done.returncode == 0, done.stderr


NEWER = {
    "linux/arm64": """#define _GNU_SOURCE
#include <spawn.h>
#include <string.h>
#include <unistd.h>
static int gettid(void) { return 7; }
static const char *sigabbrev_np(int number) { return number ? "x" : 0; }
int posix_spawn_file_actions_addchdir(void *a, int b) { return a ? b : 0; }
int main(void) { return gettid() != 7 || !sigabbrev_np(2); }
""",
    "darwin/arm64": """#include <spawn.h>
#include <string.h>
#include <unistd.h>
static int pipe2(int *ends, int flags) { return flags ? -1 : pipe(ends); }
static char *strchrnul(const char *text, int end) { char *found = strchr(text, end); return found ? found : (char *)text; }
int posix_spawn_file_actions_addchdir(void *a, int b) { return a ? b : 0; }
int main(void) { int ends[2]; return pipe2(ends, 0) || !strchrnul("a", 'b'); }
""",
}
"""Functions that projects have for systems without them, and that zig's headers declare."""
STANDARD = """#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <cuchar>
#include <filesystem>
#include <memory>
#include <regex>
#include <thread>
struct alignas(64) Wide { int a; };
int main() {
  std::mutex mutex; std::unique_lock<std::mutex> lock(mutex); std::condition_variable().wait_for(lock, std::chrono::milliseconds(1));
  return std::make_unique<Wide>()->a + std::filesystem::temp_directory_path().empty();
}
"""


@pytest.mark.parametrize("platform", list(NEWER))
def test_functions_of_newer_releases_are_not_declared(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig")
    (xxpy.folder / "a.c").write_text(NEWER[platform])
    (xxpy.folder / "a.cc").write_text(STANDARD)
    for words in (("clang", "-Werror", "a.c"), ("clang++", "-std=c++20", "a.cc")):
        done = xxpy.run(command(kit, words[0]), "-O2", *words[1:], "-o", "a")
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("platform", ["windows/amd64", "windows/386"])
def test_names_that_programs_give_files_of_windows(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "gcc")
    known = next(row.file for row in TABLE.rows.values() if str(row.platform) == platform)
    assert known.headers
    names = [each for name in known.headers for each in (name, name.lower())]
    checks = "".join(f"#if !__has_include(<{name}>)\n#error {name}\n#endif\n" for name in names)
    main = SPELLED.replace("GL/Gl", "PowrProf").replace(".H", ".h").replace("SYS/", "sys/")
    (xxpy.folder / "a.c").write_text(checks + main)
    libraries = [f"-l{name}" for name in known.libraries]
    words = ("-Wall", "-Werror", "a.c", *libraries, "-o", "a.exe")
    done = xxpy.run(command(kit, "gcc"), *words)
    assert done.returncode == 0, done.stderr


RESOLVER = """#include <netinet/in.h>
#include <arpa/nameser.h>
#include <resolv.h>
int main(void) {
  unsigned char a[99]; char name[99]; struct __res_state state = {0}; ns_msg message;
  return res_ninit(&state) + res_send(a, 9, a, 99) + res_nsend(&state, a, 9, a, 99) + res_mkquery(0, "a", 1, 1, 0, 0, 0, a, 99)
    + res_query("a", 1, 1, a, 99) + res_hnok("a") + dn_expand(a, a + 9, a, name, 99) + ns_initparse(a, 99, &message);
}
"""


@pytest.mark.parametrize(("libc", "sends"), [("gnu.2.28", "__res_send"), ("gnu.2.34", "res_send")])
def test_the_resolver_has_the_names_of_its_release(libc: str, sends: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit("linux/arm64", "--cc", "zig", "--libc", libc)
    (xxpy.folder / "a.c").write_text(RESOLVER)
    done = xxpy.run(command(kit, "clang"), "-Werror", "a.c", "-lresolv", "-o", "a")
    assert done.returncode == 0, done.stderr
    words = ["llvm-readelf", "--dyn-syms", str(xxpy.folder / "a")]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert re.findall(r" UND (_*res_send)@", said) == [sends]


SPELLED = """#include <WinSock2.h>
#include <Windows.h>
#include <GL/Gl.h>
#include "ShlObj.H"
#include <SYS/stat.h>
int main(void) { WSADATA data; return WSAStartup(2, &data); }
"""


@pytest.mark.parametrize(
    "platform",
    [
        "windows/amd64",
        pytest.param("windows/386", marks=pytest.mark.slow),
        pytest.param("windows/arm64", marks=pytest.mark.slow),
    ],
)
def test_names_of_files_in_any_case(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig")
    (xxpy.folder / "a.c").write_text(SPELLED)
    words = ("-Wall", "-Werror", "-MD", "a.c", "-lWS2_32", "-lSHELL32", "-o", "a.exe")
    done = xxpy.run(command(kit, "clang"), *words)
    assert done.returncode == 0, done.stderr
    read = (xxpy.folder / "a.d").read_text().replace("\\\n", " ").split()[1:]
    assert {"windows.h", "shlobj.h", "gl.h"} <= {Path(word).name for word in read}
    assert all((xxpy.folder / word).is_file() for word in read)
    (xxpy.folder / "b.c").write_text("#include <Window.h>\nint main(void) { return 0; }\n")
    assert "'Window.h' file not found" in xxpy.run(command(kit, "clang"), "b.c").stderr
    done = xxpy.run(command(kit, "clang"), "a.c", "-lWS2_33", "-o", "a.exe")
    assert "unable to find library -lWS2_33" in done.stderr


FORTIFIED = """#include <string.h>
int main(int n, char **v) {
  char a[8], b[8], *end = mempcpy(a, v[0], n);
  memcpy(b, a, n); memmove(b, a, n); memset(a, 0, n); strcpy(a, v[0]); strcat(a, v[0]); strncpy(a, v[0], n); strncat(a, v[0], n);
  return end != a + n;
}
"""


def test_fortified_programs_for_windows(xxpy: Xxpy) -> None:
    kit = xxpy.kit("windows/amd64", "--cc", "zig")
    (xxpy.folder / "a.c").write_text(FORTIFIED)
    done = xxpy.run(command(kit, "clang"), "-O2", "-D_FORTIFY_SOURCE=2", "a.c", "-o", "a.exe")
    assert done.returncode == 0, done.stderr


LINKER_OPTIONS = (
    "-Map=prog.map", "--defsym=other=main", "--dynamic-list=list", "--exclude-libs,ALL", "--push-state,--pop-state", "-Bsymbolic-functions",
    "--allow-multiple-definition", "--unresolved-symbols=ignore-all", "-Ttext=0x600000", "--section-start=.text=0x600000", "-init,main",
    "-fini,main", "--icf=all", "--undefined=main", "--emit-relocs", "-z,separate-code", "-t", "-pie", "--gc-sections", "--print-map",
)  # fmt: skip
"""Options that lld has and that zig's own command line refuses."""


@pytest.mark.parametrize("platform", ["linux/arm64"])
def test_options_of_the_linker(platform: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig")
    (xxpy.folder / "a.c").write_text("int part(void);\nint main(void) { return part(); }\n")
    (xxpy.folder / "b.c").write_text("int part(void) { return 0; }\n")
    (xxpy.folder / "list").write_text("{ main; };\n")
    assert xxpy.run(command(kit, "clang"), "-c", "a.c", "b.c").returncode == 0
    for option in LINKER_OPTIONS:
        done = xxpy.run(command(kit, "clang"), "a.o", "b.o", f"-Wl,{option}", "-o", "prog")
        assert done.returncode == 0, (option, done.stderr)
        assert (xxpy.folder / "prog").is_file()
        (xxpy.folder / "prog").unlink()


def test_what_rust_links(xxpy: Xxpy) -> None:
    """GCC's shared library has the compiler's helpers, and Rust names no other."""
    kit = xxpy.kit("linux/arm/v7", "--cc", "zig")
    (xxpy.folder / "a.c").write_text(
        "static __thread long long many = 7;\nint main(int n, char **v) { many += n;"
        " return !v || (int)(many / (n + many % 3)) != 2; }\n"
    )
    words = ("-O2", "-mtp=soft", "-nodefaultlibs", "a.c", "-lgcc_s", "-lc", "-o", "a")
    done = xxpy.run(command(kit, "clang"), *words)
    assert done.returncode == 0, done.stderr
    assert xxpy("run", "--platform", "linux/arm/v7", "a").returncode == 0


def test_version_scripts_may_name_what_does_not_exist(xxpy: Xxpy) -> None:
    """GNU ld accepts that, and zlib and fuse rely on it; who wants the check asks for it."""
    kit = xxpy.kit("linux/arm64", "--cc", "zig")
    (xxpy.folder / "a.c").write_text("int part(void) { return 0; }\n")
    (xxpy.folder / "map").write_text("V1 { global: part; absent; local: *; };\n")
    words = (command(kit, "clang"), "-shared", "a.c", "-Wl,--version-script=map", "-o", "liba.so")
    assert xxpy.run(*words).returncode == 0
    strict = xxpy.run(*words, "-Wl,--no-undefined-version")
    assert strict.returncode
    assert "absent" in strict.stderr


@pytest.mark.parametrize(
    ("platform", "word", "said"),
    [
        (
            "linux/arm64",
            "-mcpu=octeontx2+crc",
            "note: -mcpu=octeontx2+crc is replaced with -mcpu=thunderx2t99+crc",
        ),
        (
            "linux/arm64",
            "-mtune=cortex-a57.cortex-a53",
            "note: -mtune=cortex-a57.cortex-a53 is replaced with -mtune=cortex-a53",
        ),
        ("linux/arm64", "-mcpu=cortex-a53+crc", ""),
        (
            "linux/arm64",
            "-march=native",
            "error: -march=native means the processor of this machine",
        ),
        ("linux/arm64", "-mcpu=nonsense", "unsupported argument 'nonsense'"),
    ],
)
def test_names_of_processors(platform: str, word: str, said: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig")
    (xxpy.folder / "a.c").write_text("int a;\n")
    done = xxpy.run(command(kit, "clang"), word, "-c", "a.c")
    assert said in done.stderr
    assert (done.returncode == 0) == (not said or said.startswith("note"))


@pytest.mark.parametrize(("gcc", "platform", "option"), [
    ("aarch64-linux-gnu-gcc", "linux/arm64", "mcpu"), ("arm-linux-gnueabihf-gcc", "linux/arm/v7", "mcpu"), ("gcc", "linux/amd64", "march"),
])  # fmt: skip
def test_every_processor_of_gcc_has_a_name(
    gcc: str, platform: str, option: str, xxpy: Xxpy
) -> None:
    """Compile with each name that this machine's GCC knows; clang has it, the table has it, or it is named here with the reason."""
    said = subprocess.run([gcc, f"-{option}=?", "-x", "c", "-c", "/dev/null"], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                          capture_output=True, text=True, check=False).stderr  # fmt: skip
    names = re.search(r"valid arguments (?:to .*?|)are: (.*?)(?:;|$)", said, re.MULTILINE)
    assert names is not None, said
    clang = command(xxpy.kit(platform, "--cc", "zig"), "clang")
    (xxpy.folder / "a.c").write_text("int a;\n")
    refused = {
        name
        for name in names[1].split()
        if xxpy.run(clang, f"-{option}={name}", "-c", "a.c").returncode != 0
    }
    assert refused <= UNKNOWN[platform], sorted(refused - UNKNOWN[platform])


UNKNOWN = {
    "linux/arm64": set(),
    # Processors before ARMv7 and those without an operating system's mode, which no program for the platform can be for.
    "linux/arm/v7": {
        "fa526",
        "fa626",
        "arm740t",
        "cortex-m0.small-multiply",
        "cortex-m0plus.small-multiply",
        "cortex-m1.small-multiply",
    },
    # 32-bit processors.
    "linux/amd64": {
        "i386",
        "i486",
        "i586",
        "pentium",
        "lakemont",
        "pentium-mmx",
        "winchip-c6",
        "winchip2",
        "c3",
        "samuel-2",
        "c3-2",
        "nehemiah",
        "c7",
        "esther",
        "i686",
        "pentiumpro",
        "pentium2",
        "pentium3",
        "pentium3m",
        "pentium-m",
        "pentium4",
        "pentium4m",
        "prescott",
        "geode",
        "k6",
        "k6-2",
        "k6-3",
        "athlon",
        "athlon-tbird",
        "athlon-4",
        "athlon-xp",
        "athlon-mp",
    },
}
STREAMS = """#include <iostream>
#include <stdexcept>
int main() { try { throw std::runtime_error("caught"); } catch (const std::exception &error) { std::cout << error.what() << std::endl; } }
"""


def undefined(file: Path, symbols: str) -> set[str]:
    """Return the functions of libc that a file calls and does not have: clang expands some, by target."""
    command = ["llvm-readelf", symbols, str(file)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return set(LIBC.findall(" ".join(line for line in lines if " UND " in line)))


def check_c(platform: str, libc: str, xxpy: Xxpy) -> None:
    kit = xxpy.kit(platform, "--cc", "zig", *options(libc))
    cc = command(kit, "clang")
    static = ("-static",) if libc == "musl" else ()
    done = xxpy.run(
        cc, "-O2", *static, str(PROGRAMS / "libc.c"), "-o", "program", "-lm", "-latomic"
    )
    assert done.returncode == 0, done.stderr
    assert (
        xxpy(
            "verify",
            "--platform",
            platform,
            *(("--libc", libc) if libc and not static else ()),
            "program",
        ).returncode
        == 0
    )
    if not static:
        compiled = xxpy.run(cc, "-O2", "-c", str(PROGRAMS / "libc.c"), "-o", "libc.o")
        assert compiled.returncode == 0, compiled.stderr
        needed = undefined(xxpy.folder / "libc.o", "--symbols")
        assert "sin" in needed
        assert needed <= undefined(xxpy.folder / "program", "--dyn-syms")
    if static and platform.startswith("linux/"):
        ran = xxpy("run", "--platform", platform, "program")
        assert ran.stdout == "1 0.997 4.000 1428571431 3333333339.67 10000000019 10000000019\n", (
            ran.stderr + ran.stdout
        )


def command(kit: Path, name: str) -> str:
    (found,) = (kit / "bin").glob(f"*-{name}")
    return str(found)
