"""What ``xx-apk`` installs with a real apk, linked by ``xx-clang``, ``xx-go`` and ``xx-cargo`` and run under QEMU, for musl."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from platform import machine as machine_name
from typing import TYPE_CHECKING, Final

import pytest

from tests.container.lab import rust
from tests.container.lab.commands import run
from tests.container.lab.place import folder as lab
from tests.differential import alpine, machine, musl
from tests.differential.alpine import Package
from tests.differential.machine import MEMORY, PATH
from tests.differential.test_xx_apk_real import APKS, NATIVE, name
from tests.rust.conftest import write
from xxpy.machine import resources
from xxpy.table.platform import parse

if TYPE_CHECKING:
    from tests.differential.alpine import Key
    from tests.differential.machine import Machine

TABLE = resources.table()
FAST: Final = "linux/arm64"
SLOW: Final = (
    "linux/arm/v7",
    "linux/arm/v6",
    "linux/386",
    "linux/riscv64",
    "linux/s390x",
    "linux/ppc64le",
)
WITH_RUST: Final = ("linux/arm64", "linux/386")
"""Those whose standard library for musl each mirror of rustup has."""
VERIFIED: Final = {"linux/arm/v6": "linux/arm/v7"}
WITHOUT_COMPILER_RT: Final = ("linux/s390x",)
"""Those for which Debian has none."""
GO: Final = Path(shutil.which("go") or "go").resolve().parents[1]

LIBRARY: Final = {
    "greet.h": "const char *greet(void);\n",
    "greet.c": '#include "greet.h"\nconst char *greet(void) { return sizeof(long) == 8 ? "hello, 64 bits" : "hello, 32 bits"; }\n',
    "main.c": "#include <greet.h>\n#include <stdio.h>\n#ifdef __GLIBC__\n#error not musl\n#endif\nint main(void) { return puts(greet()) < 0; }\n",
    "math.c": '#include <stdio.h>\nint main(int n, char **v) { unsigned long long a = 1ULL << 40; (void)v;\n  printf("%llu\\n", (a + n) / (n + 2)); return 0; }\n',
    "cgo/go.mod": "module example.com/cgo\n\ngo 1.20\n",
    "cgo/main.go": 'package main\n\n// #cgo pkg-config: greet\n// #include <greet.h>\nimport "C"\nimport "os"\n\nfunc main() { os.Stdout.WriteString(C.GoString(C.greet()) + "\\n") }\n',
    "crate/Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n',
    "crate/native.c": '#include <greet.h>\n#include <stdlib.h>\n#ifdef __GLIBC__\n#error not musl\n#endif\nconst char *said(void) { return abs(-1) ? greet() : ""; }\n',
    "crate/build.rs": """use std::{env, process::Command};
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let target = env::var("TARGET").unwrap().replace('-', "_");
    let tool = |name: &str| env::var(format!("{name}_{target}")).unwrap();
    let run = |program: String, words: &[&str]| {
        let done = Command::new(&program).args(words).output().unwrap();
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    run(tool("CC"), &["-c", "-fPIC", "native.c", "-o", &format!("{out}/native.o")]);
    run(tool("AR"), &["crs", &format!("{out}/libnative.a"), &format!("{out}/native.o")]);
    println!("cargo:rustc-link-search=native={out}\\ncargo:rustc-link-lib=static=native");
    for word in run(tool("PKG_CONFIG"), &["--libs", "--static", "greet"]).split_whitespace() {
        if let Some(folder) = word.strip_prefix("-L") { println!("cargo:rustc-link-search=native={folder}"); }
        if let Some(name) = word.strip_prefix("-l") { println!("cargo:rustc-link-lib=static={name}"); }
    }
}
""",
    "crate/src/main.rs": 'use std::{ffi::{c_char, CStr}, io::Write};\nextern "C" { fn said() -> *const c_char; }\nfn main() {\n    let text = unsafe { CStr::from_ptr(said()) };\n    writeln!(std::io::stdout(), "{}", text.to_str().unwrap()).unwrap();\n}\n',
}  # fmt: skip
"""A library, and programs in C, Go and Rust that use it."""


@dataclass(frozen=True)
class Target:
    """A system with clang, lld, Go and rustup, in whose root for *platform* xx-apk has installed C and the library."""

    made: Machine
    platform: str

    @property
    def root(self) -> Path:
        return self.made.root / name(self.platform, "triple")

    @property
    def said(self) -> str:
        row = TABLE.row(parse(self.platform, TABLE.words))
        return f"hello, {row.data.bits} bits\n"

    def sh(self, script: str, **variables: str) -> str:
        home, programs = rust.home("with-targets"), rust.programs()
        given = {
            "PATH": f"{programs}:{GO}/bin:{PATH}",
            "RUSTUP_HOME": str(home),
            "CARGO_HOME": "/room/cargo",
            "GOCACHE": str(lab() / "go-cache"),
            "GOTOOLCHAIN": "local",
            "TARGETPLATFORM": self.platform,
        }
        return self.made.sh(script, **given, **variables)

    @property
    def verified(self) -> str:
        """The platform that its programs are for: Debian's parts of hard-float ARM are made for v7."""
        return VERIFIED.get(self.platform, self.platform)

    def run_go(self, program: str) -> str:
        """Return what a program of Go says: QEMU 7.2 ends one for 386 whose runtime starts threads, with C or without; this machine runs it."""
        if self.platform != "linux/386" or machine_name() != "x86_64":
            return self.run(program)
        (loader,) = self.root.glob("lib/ld-musl-*.so.1")
        return run(loader, "--library-path", self.root / "usr/lib", self.made.work / program)

    def run(self, program: str, *, static: bool = False) -> str:
        """Return what a program says under QEMU, which finds libraries in nothing but the root."""
        row = TABLE.row(parse(self.platform, TABLE.words))
        assert row.qemu is not None
        return run(
            f"qemu-{row.qemu.user}-static",
            *(() if static else ("-L", self.root)),
            self.made.work / program,
        )


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return alpine.key(tmp_path_factory.mktemp("keys"))


def rust_lld() -> Path:
    """Return the lld of the lab's toolchain."""
    (found,) = rust.home("with-targets").glob("toolchains/*/lib/rustlib/*/bin/gcc-ld/ld.lld")
    return found


def cases() -> list[object]:
    """Return the platforms with each apk; all but one platform take long together."""
    found: list[object] = [pytest.param((FAST, apk), id=f"{FAST}-{apk}") for apk in APKS]
    return found + [
        pytest.param((platform, apk), id=f"{platform}-{apk}", marks=pytest.mark.slow)
        for platform in SLOW
        for apk in APKS
    ]


@pytest.fixture(scope="module", params=cases())
def target(request: pytest.FixtureRequest, key: Key) -> Target:
    """A target in whose root C and the library are installed, from two repositories."""
    platform, apk = request.param
    row = TABLE.row(parse(platform, TABLE.words))
    assert row.debian is not None
    names = (name(platform, "alpine-arch"), name(platform, "triple"))
    place = Path(tempfile.mkdtemp(dir=MEMORY, prefix="xxpy-test-"))
    request.addfinalizer(lambda: shutil.rmtree(place))  # noqa: PT021 - what fails below is cleaned up too
    cache = lab() / "go-cache"
    cache.mkdir(parents=True, exist_ok=True)
    made = machine.make(place, "alpine", shown=(rust.home("with-targets"), rust.programs(), cache))
    target = Target(made, platform)
    # An lld that links for all of them, as a current Alpine has.
    made.sh(f"ln -sf {rust_lld()} {musl.resource_folder().parents[2]}/bin/ld.lld")
    shutil.copy(APKS[apk], made.path("usr/bin/apk"))
    for path, text in {
        "repositories": "/repository\n",
        f"keys/{key.public.name}": key.public.read_text(),
        "world": "",
    }.items():
        (made.path("etc/apk") / path).parent.mkdir(parents=True, exist_ok=True)
        (made.path("etc/apk") / path).write_text(text)
    keys = Package(
        "alpine-keys", {f"usr/share/apk/keys/{key.public.name}": key.public.read_bytes()}
    )
    alpine.repository(
        made.root / "repository",
        names[0],
        [keys, *musl.packages(row.debian.arch, *names)],
        key,
        APKS[apk],
    )
    write(made.work, LIBRARY)
    target.sh("xx-apk add --no-cache xx-c-essentials")
    target.sh(
        f"xx-clang -shared -fPIC -Wl,-soname,libgreet.so.1 greet.c -o libgreet.so.1; xx-clang -c greet.c; {names[1]}-ar crs libgreet.a greet.o"
    )
    described = "prefix=/usr\nlibdir=${prefix}/lib\nName: greet\nDescription: greets\nVersion: 1\nLibs: -L${libdir} -lgreet\nCflags: -I${prefix}/include\n"
    library = [
        Package(
            "greet",
            {"usr/lib/libgreet.so.1": (made.work / "libgreet.so.1").read_bytes()},
            provides=["so:libgreet.so.1=1"],
        ),
        Package(
            "greet-dev",
            {
                "usr/include/greet.h": LIBRARY["greet.h"],
                "usr/lib/libgreet.so": "-> libgreet.so.1",
                "usr/lib/libgreet.a": (made.work / "libgreet.a").read_bytes(),
                "usr/lib/pkgconfig/greet.pc": described,
            },
            depends=["greet"],
            provides=["pc:greet=1"],
        ),
    ]
    alpine.repository(made.root / "second", names[0], library, key, APKS[apk])
    target.sh("xx-apk add --no-cache -X /second greet-dev")
    return target


def test_c(target: Target) -> None:
    target.sh(
        f"rm greet.h; xx-clang main.c $($(xx-info triple)-pkg-config --cflags --libs greet) -o main; TARGETPLATFORM={target.verified} xx-verify --libc musl main"
    )
    assert target.run("main") == target.said
    target.sh(
        f"xx-clang -static main.c -lgreet -o still; TARGETPLATFORM={target.verified} xx-verify --static still"
    )
    assert target.run("still", static=True) == target.said
    assert "libgreet.so.1" in run("readelf", "--dynamic", target.made.work / "main")


def test_compiler_rt(target: Target) -> None:
    """clang finds what is installed in the root; without GCC's library a 32-bit machine cannot divide."""
    if target.platform in WITHOUT_COMPILER_RT:
        return
    target.sh(
        "xx-apk add --no-cache compiler-rt; xx-clang --rtlib=compiler-rt -unwindlib=none math.c -o math"
    )
    assert target.run("math") == f"{((1 << 40) + 1) // 3}\n"
    target.sh("xx-apk del compiler-rt")


def test_cgo(target: Target) -> None:
    target.sh(
        f"cd cgo && CGO_ENABLED=1 xx-go build -o ../from-go . && TARGETPLATFORM={target.verified} xx-verify ../from-go"
    )
    assert target.run_go("from-go") == target.said
    assert "libgreet.so.1" in run("readelf", "--dynamic", target.made.work / "from-go")


def test_rust(target: Target) -> None:
    """rustup's standard library with C of the crate's own and the library, both compiled for musl."""
    triple = target.sh("xx-cargo --print-target-triple").strip()
    said = target.sh("cd crate && { xx-cargo build --release 2>&1 || echo failed; }").splitlines()
    if target.platform not in WITH_RUST and said[-1] == "failed":
        assert any(
            line.startswith(
                f"the standard library of Rust for {triple} is not there and cannot be installed"
            )
            for line in said
        )
        return
    program = f"crate/target/{triple}/release/hello"
    target.sh(f"TARGETPLATFORM={target.verified} xx-verify --static {program}")
    assert target.run(program, static=True) == target.said


def test_native_is_not_touched(target: Target) -> None:
    assert not target.made.path("usr/include/greet.h").exists()
    assert target.platform != NATIVE
