"""What Rust needs for some targets besides: a glibc that is older than this machine's, and a standard library that nobody has built."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.container.lab import rust
from tests.container.lab.commands import run
from tests.rust.conftest import write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

FILES = {
    "Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/main.rs": 'fn main() {\n    println!("hello from {}", std::env::consts::ARCH);\n}\n',
}


def xxpy(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["xxpy", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_windows_with_llvms_runtime(tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(folder, rustup, "build", "--target", "x86_64-pc-windows-gnullvm")
    assert done.returncode == 0, done.stderr
    program = str(folder / "dist/windows_amd64/hello.exe")
    ran = xxpy(folder, rustup, "run", "--platform", "windows/amd64", program)
    assert ran.stdout.split() == ["hello", "from", "x86_64"], ran.stderr
    imported = run("llvm-objdump", "-p", program)
    assert "libgcc" not in imported


FRAMEWORKS = """
use std::ffi::c_void;
#[link(name = "AppKit", kind = "framework")]
extern "C" { static NSApp: *const c_void; }
#[link(name = "Security", kind = "framework")]
extern "C" { static kSecClass: *const c_void; }
#[link(name = "SystemConfiguration", kind = "framework")]
extern "C" { fn SCPreferencesGetTypeID() -> usize; }
#[link(name = "objc")]
extern "C" { fn objc_getClass(name: *const i8) -> *const c_void; }
#[link(name = "iconv")]
extern "C" { fn iconv_close(handle: *const c_void) -> i32; }
#[link(name = "resolv")]
extern "C" { fn res_9_init() -> i32; }
fn main() {
    unsafe {
        println!("{:p} {:p} {}", NSApp, kSecClass, SCPreferencesGetTypeID());
        println!("{:p} {}", objc_getClass(c"NSObject".as_ptr().cast()), res_9_init());
        println!("{}", iconv_close(std::ptr::null()));
    }
}
"""


def test_frameworks_without_an_sdk(tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", {**FILES, "src/main.rs": FRAMEWORKS})
    done = xxpy(folder, rustup, "build", "--platform", "darwin/arm64")
    assert done.returncode == 0, done.stderr
    program = folder / "dist/darwin_arm64/hello"
    used = run("llvm-objdump", "--macho", "--dylibs-used", program)
    for name in ("AppKit", "Security", "SystemConfiguration", "libobjc", "libiconv", "libresolv"):
        assert f"/{name}" in used
    assert "signed        yes" in xxpy(folder, rustup, "inspect", str(program)).stdout
    explained = xxpy(folder, rustup, "build", "--platform", "darwin/arm64", "--explain").stdout
    assert "without an SDK: the system's libraries and frameworks are linked by" in explained


BY_HAND = """
use std::process::Command;
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(format!("{out}/answer.c"), "int answer(void) { return 42; }").unwrap();
    let script = "cd $OUT_DIR && ${CC:-cc} -c answer.c && ${AR:-ar} rcs libanswer.a answer.o";
    assert!(Command::new("sh").args(["-c", script]).status().unwrap().success());
    let native = "cd $OUT_DIR && printf 'int main(void) { return 0; }' > n.c && $HOST_CC n.c && ./a.out";
    assert!(Command::new("sh").args(["-c", native]).status().unwrap().success());
    println!("cargo:rustc-link-search={out}");
    println!("cargo:rustc-link-lib=static=answer");
}
"""
ANSWER = (
    'extern "C" { fn answer() -> i32; }\nfn main() {\n    println!("{}", unsafe { answer() });\n}\n'
)


def test_a_build_script_that_calls_the_compiler_itself(
    tmp_path: Path, rustup: dict[str, str]
) -> None:
    files = {**FILES, "build.rs": BY_HAND, "src/main.rs": ANSWER}
    folder = write(tmp_path / "hello", files)
    done = xxpy(folder, rustup, "build", "--platform", "linux/arm64,windows/amd64")
    assert done.returncode == 0, done.stderr
    assert (
        run("qemu-aarch64-static", "-L", rust.root("arm64"), folder / "dist/linux_arm64/hello")
        == "42\n"
    )


def test_cmake_finds_what_another_crate_has_built(tmp_path: Path, rustup: dict[str, str]) -> None:
    script = """
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let library = format!("{out}/lib/libother.a");
    std::fs::create_dir_all(format!("{out}/lib")).unwrap();
    std::fs::write(&library, "").unwrap();
    std::fs::write(format!("{out}/CMakeLists.txt"),
        "cmake_minimum_required(VERSION 3.16)\\nproject(x C)\\nfind_library(O other REQUIRED)\\n").unwrap();
    let target = std::env::var("TARGET").unwrap().replace("-", "_");
    let file = std::env::var(format!("CMAKE_TOOLCHAIN_FILE_{target}")).unwrap();
    let done = std::process::Command::new("cmake").args(["-S", &out, "-B", &format!("{out}/b")])
        .args(["--toolchain", &file]).env("CMAKE_PREFIX_PATH", &out).status().unwrap();
    assert!(done.success());
}
"""
    folder = write(tmp_path / "hello", {**FILES, "build.rs": script})
    done = xxpy(folder, rustup, "build", "--platform", "linux/arm64")
    assert done.returncode == 0, done.stderr


def test_a_makefile_that_calls_cargo(tmp_path: Path, rustup: dict[str, str]) -> None:
    files = {
        **FILES,
        "build.rs": 'fn main() {\n    println!("cargo:rustc-env=BUILT=1");\n}\n',
        "Makefile": "all:\n\tcargo build --release\n\t$(CC) -o other other.c\n",
        "other.c": "int main(void) { return 0; }\n",
    }
    folder = write(tmp_path / "hello", files)
    words = ("--language", "make", "--platform", "linux/arm64,windows/amd64")
    done = xxpy(folder, rustup, "build", *words)
    assert done.returncode == 0, done.stderr
    found = {path.name for path in (folder / "dist/linux_arm64").iterdir()}
    assert found == {"hello", "other"}
    found = {path.name for path in (folder / "dist/windows_amd64").iterdir()}
    assert found == {"hello.exe", "other.exe"}


def test_an_old_glibc(tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(folder, rustup, "build", "--platform", "linux/arm64", "--libc", "gnu.2.17")
    assert done.returncode == 0, done.stderr
    program = "dist/linux_arm64/hello"
    assert (
        xxpy(
            folder, rustup, "verify", "--platform", "linux/arm64", "--glibc-max", "2.17", program
        ).returncode
        == 0
    )
    assert (
        xxpy(
            folder, rustup, "verify", "--platform", "linux/arm64", "--glibc-max", "2.16", program
        ).returncode
        == 6
    )
    assert (
        run("qemu-aarch64-static", "-L", rust.root("arm64"), folder / program)
        == "hello from aarch64\n"
    )


def test_a_target_without_a_standard_library(tmp_path: Path, rustup: dict[str, str]) -> None:
    """Stable Rust takes the option of nightly Rust when it is told to, which spares a second toolchain."""
    environment = {**rustup, "RUSTUP_HOME": str(rust.home("with-source")), "RUSTC_BOOTSTRAP": "1"}
    run(
        rust.programs() / "rustup",
        "component",
        "add",
        "rust-src",
        "--toolchain",
        rust.VERSION,
        environment=environment,
    )
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(
        folder,
        environment,
        "build",
        "--platform",
        "linux/mips64le",
        "--",
        "-Z",
        "build-std=std,panic_unwind",
    )
    assert done.returncode == 0, done.stderr
    root = rust.root("mips64el")
    libraries = root / "lib/mips64el-linux-gnuabi64"
    # The link to the loader is absolute there, so QEMU is given the loader itself.
    loader = (
        "qemu-mips64el-static",
        "-L",
        root,
        libraries / "ld.so.1",
        "--library-path",
        libraries,
    )
    assert run(*loader, folder / "dist/linux_mips64le/hello") == "hello from mips64\n"


OTHERS = (
    "linux/arm64",
    "linux/amd64/v3",
    "freebsd/amd64",
    "netbsd/amd64",
    "darwin/amd64",
    "darwin/arm64",
    "wasi/wasm",
    "windows/386",
)


def test_musl_is_static(tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(folder, rustup, "build", "--platform", "linux/arm64", "--libc", "musl", "--static")
    assert done.returncode == 0, done.stderr
    assert run("qemu-aarch64-static", folder / "dist/linux_arm64/hello") == "hello from aarch64\n"


@pytest.mark.parametrize("platform", OTHERS)
def test_other_systems(platform: str, tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(folder, rustup, "build", "--platform", platform)
    assert done.returncode == 0, done.stderr
    assert xxpy(folder, rustup, "verify", "--platform", platform, "--tree", "dist").returncode == 0


def test_rustup_is_asked_only_when_something_is_built(
    tmp_path: Path, rustup: dict[str, str]
) -> None:
    folder = write(tmp_path / "hello", FILES)
    done = xxpy(folder, rustup, "build", "--platform", "linux/ppc64le", "--explain")
    assert (
        "linux/ppc64le → powerpc64le-unknown-linux-gnu: standard library from rustup target add"
        in done.stdout
    )
    assert "powerpc64le" not in run(
        rust.programs() / "rustup", "target", "list", "--installed", environment=rustup
    )


WITH_C = {
    "Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n\n[build-dependencies]\ncc = "1"\n',
    "build.rs": 'fn main() {\n    cc::Build::new().file("twice.c").compile("twice");\n    cc::Build::new().cpp(true).file("thrice.cc").compile("thrice");\n}\n',
    "twice.c": "#include <string.h>\nint twice(const char *text) { return 2 * (int)strlen(text); }\n",
    "thrice.cc": '#include <string>\nextern "C" int thrice(const char *text) { return 3 * int(std::string(text).size()); }\n',
    "src/main.rs": """use std::ffi::c_char;
extern "C" {
    fn twice(text: *const c_char) -> i32;
    fn thrice(text: *const c_char) -> i32;
}
fn main() {
    let text = b"four\\0".as_ptr().cast();
    let caught = std::panic::catch_unwind(|| panic!("refused")).is_err();
    println!("{} {} {caught}", unsafe { twice(text) }, unsafe { thrice(text) });
}
""",
}


@pytest.mark.parametrize(
    "platform", ["windows/amd64", "windows/386", "windows/arm64", "darwin/arm64", "darwin/amd64"]
)
def test_by_zig_with_c_and_cxx(platform: str, tmp_path: Path, rustup: dict[str, str]) -> None:
    folder = write(tmp_path / "hello", WITH_C)
    done = xxpy(folder, rustup, "build", "--platform", platform, "--cc", "zig")
    assert done.returncode == 0, done.stderr
    assert xxpy(folder, rustup, "verify", "--platform", platform, "--tree", "dist").returncode == 0


def test_a_library_for_macos_has_no_path_of_this_machine(
    tmp_path: Path, rustup: dict[str, str]
) -> None:
    manifest = '[package]\nname = "word"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n'
    text = '#[no_mangle]\npub extern "C" fn word() -> i32 {\n    42\n}\n'
    folder = write(tmp_path / "word", {"Cargo.toml": manifest, "src/lib.rs": text})
    done = xxpy(folder, rustup, "build", "--platform", "darwin/arm64", "--cc", "zig", "--", "--lib")
    assert done.returncode == 0, done.stderr
    name = run("llvm-objdump", "--macho", "--dylib-id", folder / "dist/darwin_arm64/libword.dylib")
    assert name.splitlines()[-1] == "@rpath/libword.dylib"


def test_apples_libraries_without_an_sdk(tmp_path: Path, rustup: dict[str, str]) -> None:
    """objc, iconv, Foundation and CoreFoundation are named in the program; what it uses of them is left to the loader."""
    names = "".join(f'#[link(name = "{name}"{kind})]\nextern "C" {{\n    fn {symbol}(x: *const u8) -> *const u8;\n}}\n' for name, kind, symbol in (
        ("objc", "", "objc_getClass"), ("iconv", "", "iconv_close"),
        ("Foundation", ', kind = "framework"', "NSLog"), ("CoreFoundation", ', kind = "framework"', "CFRetain"),
    ))  # fmt: skip
    calls = "objc_getClass(x); iconv_close(x); NSLog(x); CFRetain(x);"
    main = f"{names}fn main() {{\n    let x = std::ptr::null();\n    unsafe {{ {calls} }}\n}}\n"
    folder = write(tmp_path / "hello", {**FILES, "src/main.rs": main})
    done = xxpy(folder, rustup, "build", "--platform", "darwin/arm64", "--cc", "zig")
    assert done.returncode == 0, done.stderr
    used = run("llvm-objdump", "--macho", "--dylibs-used", folder / "dist/darwin_arm64/hello")
    for name in (
        "libobjc.A.dylib",
        "libiconv.2.dylib",
        "Foundation.framework",
        "CoreFoundation.framework",
    ):
        assert name in used, used
