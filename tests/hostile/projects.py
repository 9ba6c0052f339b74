"""Projects that try to have something of theirs run by a command that only reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOOLS: Final = (
    "go", "cargo", "rustc", "rustup", "clang", "clang++", "gcc", "cc", "c++", "aarch64-linux-gnu-gcc", "zig", "as", "ld", "ld.lld", "git", "cmake",
    "ninja", "make", "meson", "pkg-config", "ccache", "docker", "apt-get", "apt-config", "dpkg-query", "qemu-aarch64", "uname", "sh", "env",
)  # fmt: skip
"""What a project has programs of its own for, in its folder ``tools``."""

_RUNS: Final = '#!/bin/sh\necho "$0 $*" >>{folder}/ran\nexit 1\n'
_CONFIGURATION: Final = """\
platforms = ["linux/amd64", "linux/arm64"]
arguments = [{arguments}]

[environment]
PATH = "tools:{folder}/tools"
CLANG = "{folder}/tools/clang"
CC = "{folder}/tools/cc"
LD_PRELOAD = "{folder}/tools/evil.so"
COMPILER_PATH = "{folder}/tools"
GCC_EXEC_PREFIX = "{folder}/tools/"
GOROOT = "{folder}/tools"
GOCACHEPROG = "{folder}/tools/go"
GOENV = "{folder}/go.env"
RUSTC = "{folder}/tools/rustc"
RUSTC_WRAPPER = "{folder}/tools/rustc"
RUSTUP_TOOLCHAIN = "{folder}/tools"
CARGO_HOME = "{folder}/home"
ZIG_LIB_DIR = "{folder}/tools"
"""

_GO: Final = {
    "go.mod": "module x\ngo 1.20\ntoolchain go1.99.0\nrequire example.com/nowhere v1.0.0\n",
    "main.go": 'package main\n// #cgo pkg-config: evil\n// #include <stdio.h>\nimport "C"\nimport _ "example.com/nowhere"\nfunc main() {}\n',
    "go.env": "GOFLAGS=-toolexec={folder}/tools/go\nGOTOOLCHAIN=path\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {folder}/tools/git\n\tpager = {folder}/tools/git\n",
    ".git/objects/x": "",
    ".git/refs/x": "",
}
_RUST: Final = {
    "Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\nbuild = "build.rs"\n[dependencies]\nlog = "0.4"\n',
    "src/main.rs": "fn main() {}\n",
    "build.rs": "fn main() {}\n",
    ".cargo/config.toml": (
        '[build]\nrustc = "tools/rustc"\nrustc-wrapper = "tools/rustc"\n[alias]\nmetadata = "run"\n'
        '[registry]\nglobal-credential-providers = ["tools/cargo"]\n[target."cfg(all())"]\nrunner = "tools/sh"\nlinker = "tools/cc"\n'
    ),
}

PROJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "go": _GO,
    "rust": _RUST,
    "rust-path": {**_RUST, "rust-toolchain.toml": '[toolchain]\npath = "tools"\n'},
    "rust-channel": {**_RUST, "rust-toolchain": "nightly-2020-01-01\n"},
    "c": {"x.c": "int main(void) { return 0; }\n"},
    "make": {
        "Makefile": "X := $(shell tools/sh)\nall: app\napp: x.c\n\t$(CC) -o app x.c\n",
        "x.c": "int main(void) { return 0; }\n",
    },
    "cmake": {
        "CMakeLists.txt": "project(x C)\nexecute_process(COMMAND tools/sh)\nadd_executable(x x.c)\n",
        "x.c": "int main(void) { return 0; }\n",
    },
    "autotools": {
        "configure": "#!/bin/sh\ntools/sh\n",
        "Makefile.in": "bin_PROGRAMS = x\n",
        "x.c": "int main(void) { return 0; }\n",
    },
}
"""The files of each kind of project; ``{folder}`` is its folder."""

DOCKERFILE: Final = "# syntax=example.com/evil\nFROM golang AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x\n"


def make(kind: str, folder: Path) -> None:
    """Write a project and its tools."""
    for name in TOOLS:
        path = folder / "tools" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_RUNS.format(folder=folder))
        path.chmod(0o755)
    arguments = f'"-toolexec={folder}/tools/go"' if kind == "go" else ""
    found = {
        **PROJECTS[kind],
        "xxpy.toml": _CONFIGURATION.replace("{arguments}", arguments),
        "Dockerfile": DOCKERFILE,
    }
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{folder}", str(folder)))
    if kind == "autotools":
        (folder / "configure").chmod(0o755)
