"""Faults that conversions had, each as small as it gets, with neighbours: what is told the target, what is left, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.dockerfile.exams import Files
from xxpy.dockerfile import convert
from xxpy.dockerfile.check import check
from xxpy.dockerfile.stages import read
from xxpy.dockerfile.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xxpy.dockerfile.tools import Tools

GO = "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\n"
RUST = "FROM rust:1.95 AS build\nWORKDIR /src\nCOPY . .\n"
C = "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y gcc libc6-dev make\nWORKDIR /src\nCOPY . .\n"
APP = "FROM scratch\nCOPY --from=build /src/app /app\n"
BOTH = "GOOS=$TARGETOS GOARCH=$TARGETARCH"
MAKE = "build:\n\tgo build -o app .\n"


@dataclass(frozen=True)
class Fault:
    """A Dockerfile, and what must become of it.

    :param has: lines, or parts of them, of the result
    :param lacks: what must not be in it
    :param left: the line that is not understood and what is said of it; the file then stays
    """

    text: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    left: tuple[int, str] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    mode: str | None = None


FAULTS = {
    # What tells a compiler the target is the variables that reach it.
    "the target in a file name": Fault(
        GO
        + "ARG TARGETARCH\nRUN go build -o app-$TARGETARCH .\nFROM scratch\nARG TARGETARCH\nCOPY --from=build /src/app-$TARGETARCH /app\n",
        (f"RUN {BOTH} go build -o app-$TARGETARCH .", "find -H /src/app-$TARGETARCH "),
    ),
    "the target in linker flags alone": Fault(
        GO
        + 'ARG TARGETPLATFORM\nRUN go build -ldflags "-X main.p=$TARGETPLATFORM" -o app .\n'
        + APP,
        (f"RUN {BOTH} go build -ldflags",),
    ),
    "the target without ARG is empty": Fault(
        GO + "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o app .\n" + APP,
        ("ARG TARGETOS TARGETARCH\n",),
    ),
    "the target behind a case": Fault(
        GO
        + 'ARG TARGETPLATFORM\nRUN case "$TARGETPLATFORM" in linux/amd64) export GOARCH=amd64;; *) export GOARCH=arm64;; esac; go build -o app .\n'
        + APP,
        ("; go build -o app .",),
        (BOTH,),
    ),
    "a variable of a subshell": Fault(
        GO + "ARG TARGETARCH\nRUN (export GOARCH=$TARGETARCH; ls) && go build -o app .\n" + APP,
        (f"&& {BOTH} go build",),
    ),
    "a variable that is not exported": Fault(
        GO + "ARG TARGETARCH\nRUN GOARCH=$TARGETARCH; go build -o app .\n" + APP,
        (f"; {BOTH} go build",),
    ),
    "a variable of another step": Fault(
        GO + "ARG TARGETARCH\nRUN export GOARCH=$TARGETARCH\nRUN go build -o app .\n" + APP,
        (f"RUN {BOTH} go build",),
    ),
    "go env -w lasts": Fault(
        GO
        + "ARG TARGETOS TARGETARCH\nRUN go env -w GOOS=$TARGETOS GOARCH=$TARGETARCH\nRUN go build -o app .\n"
        + APP,
        ("RUN go build -o app .\n",),
    ),
    "flags of Rust that the target chooses": Fault(
        RUST
        + 'ARG TARGETPLATFORM\nRUN if [ "$TARGETPLATFORM" = linux/arm64 ]; then export RUSTFLAGS="-C target-feature=+crc"; fi; cargo build --release && cp target/release/app app\n'
        + APP,
        (
            "fi; xx-cargo build --release && cp target/$(xx-cargo --print-target-triple)/release/app app",
        ),
    ),
    "the target of Rust in a file": Fault(
        RUST
        + 'ARG TARGETARCH\nRUN case "$TARGETARCH" in arm64) echo aarch64-unknown-linux-musl;; *) echo x86_64-unknown-linux-musl;; esac >/target\n'
        "RUN cargo build --release --target $(cat /target) && cp target/$(cat /target)/release/app app\n"
        + APP,
        ("RUN xx-cargo build --release --target $(cat /target) && cp target/$(cat",),
        ("xx-cargo --print",),
    ),
    "one target of Rust": Fault(
        RUST + "RUN cargo build --release --target x86_64-unknown-linux-musl\n" + APP,
        left=(4, "its Cargo.lock is not beside the Dockerfile"),
    ),
    "one target of Rust in ENV": Fault(
        RUST
        + "ENV CARGO_BUILD_TARGET=x86_64-unknown-linux-musl\nRUN cargo build --release\n"
        + APP,
        left=(5, "cargo is told one target"),
    ),
    "one target of Rust in its settings": Fault(
        RUST + "RUN cargo build --release\n" + APP,
        left=(4, ".cargo/config.toml tells cargo one target"),
        files={".cargo/config.toml": '[build]\ntarget = "x86_64-unknown-linux-musl"\n'},
    ),
    "a compiler on make's command line": Fault(
        C + "RUN make CC=gcc\n" + APP,
        left=(5, "CC=gcc is for one machine"),
        files={"Makefile": "app: app.c\n\t$(CC) -o app app.c\n"},
    ),
    "a compiler behind CMake's": Fault(
        C + "RUN cmake -DCMAKE_C_COMPILER=gcc . && make\n" + APP,
        left=(5, "-DCMAKE_C_COMPILER=gcc chooses the compiler"),
        files={"CMakeLists.txt": ""},
    ),
    "a compiler behind CMake's, in two words": Fault(
        C + "RUN cmake . -D CMAKE_CXX_COMPILER=g++ && make\n" + APP,
        left=(5, "-DCMAKE_CXX_COMPILER=g++ chooses the compiler"),
        files={"CMakeLists.txt": ""},
    ),
    "one architecture in front of make": Fault(
        GO + "RUN GOOS=linux GOARCH=amd64 make build\n" + APP,
        (f"RUN {BOTH} make build",),
        files={"Makefile": MAKE},
    ),
    "a level of the processor": Fault(
        C + "RUN gcc -march=native -o app app.c\n" + APP,
        left=(5, "-march=native is for one machine"),
    ),
    "a level of the processor in ENV": Fault(
        RUST + 'ENV RUSTFLAGS="-C target-cpu=native"\nRUN cargo build --release\n' + APP,
        left=(5, "target-cpu=native is for one machine"),
    ),
    # Verbs and arguments.
    "go run is no install": Fault(
        GO + "RUN go run ci/ci.go install\n" + APP,
        left=(5, "what go run ci/ci.go does is not known"),
        files={"go.mod": ""},
    ),
    "go run of a builder": Fault(
        GO + "RUN go run build.go\n" + APP,
        left=(5, "starts other programs"),
        files={"build.go": 'package main\nimport "os/exec"\n'},
    ),
    "go run of a generator": Fault(
        GO + "RUN go run ./gen && go build -o app .\n" + APP,
        (f"go run ./gen && {BOTH} go build",),
        files={"gen/main.go": 'package main\nimport "os"\n'},
    ),
    "go install of libraries": Fault(
        GO + "RUN go install example.com/app/lib\nRUN go build -o app .\n" + APP,
        (f"RUN {BOTH} go install example.com/app/lib\n",),
    ),
    "a tool of the network that is the product": Fault(
        "FROM golang:1.26 AS build\nENV CGO_ENABLED=0\nRUN go install example.com/hey@latest\nFROM scratch\nCOPY --from=build /go/bin/hey /hey\n",
        (
            f"RUN {BOTH} go install example.com/hey@latest && {{ [ ! -d /go/bin/${{TARGETOS}}_${{TARGETARCH}} ]",
            "find -H /go/bin/hey ",
        ),
    ),
    "a tool of the network that is copied first": Fault(
        GO + "RUN go install example.com/hey/v2@latest && cp /go/bin/hey app\n" + APP,
        (f"RUN {BOTH} go install",),
    ),
    "a tool of the network for the build": Fault(
        GO + "RUN go install example.com/gen@latest && go build -o app .\n" + APP,
        (f"RUN go install example.com/gen@latest && {BOTH} go build",),
    ),
    "a tool of the network that runs, and leaves with its folder": Fault(
        "FROM golang:1.26 AS build\nCOPY . .\nRUN go install example.com/stringer@latest && stringer -type T"
        "\nFROM scratch\nCOPY --from=build /go/bin /bin\n",
        left=(3, "stringer runs here"),
    ),
    "a tool of the network into GOBIN": Fault(
        "FROM golang:1.26 AS build\nENV GOBIN=/out\nRUN go install example.com/hey@latest\nFROM scratch\nCOPY --from=build /out /\n",
        left=(3, "cannot cross-compile into GOBIN"),
    ),
    "a compiled test": Fault(
        GO + "RUN go test -c -o app .\n" + APP, (f"RUN {BOTH} go test -c -o app .",)
    ),
    "a tool of cargo": Fault(
        RUST
        + "RUN cargo install cargo-chef --locked\nRUN cargo build --release && cp target/release/app app\n"
        + APP,
        ("RUN cargo install cargo-chef --locked\n", "RUN xx-cargo build"),
    ),
    "a tool of cargo that is the product": Fault(
        "FROM rust:1.95 AS build\nRUN cargo install ripgrep --root /out\nFROM scratch\nCOPY --from=build /out/bin/ripgrep /rg\n",
        ("RUN xx-cargo install ripgrep --root /out\n",),
    ),
    "a linker in front of cargo": Fault(
        RUST + "RUN mold -run cargo build --release\n" + APP,
        left=(4, "mold -run replaces the compiler's linker"),
    ),
    "a script in words": Fault(
        GO + 'RUN bash -c "go build -o app ."\n' + APP, (f'RUN bash -c "{BOTH} go build -o app ."',)
    ),
    "a script in words of the exec form": Fault(
        GO + 'RUN ["/bin/sh", "-c", "go build -o app ."]\n' + APP,
        (f'RUN ["/bin/sh", "-c", "{BOTH} go build -o app ."]',),
    ),
    "a script of the project": Fault(
        GO + "RUN ./build.sh\n" + APP,
        (f"RUN {BOTH} ./build.sh",),
        files={"build.sh": "#!/bin/sh\nset -e\ngo build -o app .\n"},
    ),
    "a script with an architecture": Fault(
        GO + "RUN sh build.sh\n" + APP,
        left=(5, "build.sh:2 calls go GOARCH=amd64"),
        files={"build.sh": "#!/bin/sh\nGOARCH=amd64 go build -o app .\n"},
    ),
    "a script that is not there": Fault(
        GO + "RUN ./build.sh && go build -o app .\n" + APP,
        left=(5, "./build.sh is not a file of the project"),
    ),
    "a script in Python": Fault(
        GO + "RUN ./build.py && go build -o app .\n" + APP,
        left=(5, "it is not a shell script"),
        files={"build.py": "#!/usr/bin/python3\n"},
    ),
    "WebAssembly on purpose": Fault(
        GO + "RUN GOOS=js GOARCH=wasm go build -o web/app.wasm . && go build -o app .\n" + APP,
        (f"RUN GOOS=js GOARCH=wasm go build -o web/app.wasm . && {BOTH} go build",),
    ),
    "Windows on purpose": Fault(
        GO + "RUN GOOS=windows GOARCH=amd64 go build -o app.exe . && go build -o app .\n" + APP,
        (f"RUN GOOS=windows GOARCH=amd64 go build -o app.exe . && {BOTH}",),
    ),
    "one platform on purpose": Fault(
        GO
        + "RUN GOOS=linux GOARCH=arm64 go build -o app .\nFROM example/base:static-arm64\nCOPY --from=build /src/app /app\n",
        left=(5, "it builds for arm64 whatever the build is for, as example/base:static-arm64 is"),
    ),
    "a makefile that installs its tools": Fault(
        GO + "RUN make build\n" + APP,
        left=(5, "go install makes a tool of the build"),
        files={"Makefile": "build:\n\tgo install example.com/gen\n\tgo build -o app .\n"},
    ),
    "several platforms on purpose": Fault(
        GO
        + "RUN GOARCH=amd64 go build -o app-amd64 . && GOARCH=arm64 go build -o app-arm64 .\nFROM scratch\nCOPY --from=build /src/ /\n",
        left=(5, "amd64 and arm64 whatever the build is for"),
    ),
    "several platforms in a loop": Fault(
        GO
        + "RUN for a in amd64 arm64; do GOARCH=$a go build -o app-$a .; done\nFROM scratch\nCOPY --from=build /src/ /\n",
        left=(5, "GOARCH has a value that only the build shows"),
    ),
    "a command that a variable names": Fault(
        GO + "ARG TOOL\nRUN $TOOL build\nRUN go build -o app .\n" + APP,
        left=(6, "which command this is"),
    ),
    "an unknown command": Fault(
        GO + "RUN frobnicate && go build -o app .\n" + APP,
        left=(5, "frobnicate: what this command does is not known"),
    ),
    "a script of the network": Fault(
        GO + "RUN curl https://example.com/x | sh && go build -o app .\n" + APP,
        left=(5, "a script of the network"),
    ),
    "Rust from the network": Fault(
        "FROM debian:bookworm AS build\nRUN curl https://sh.rustup.rs | sh -s -- -y\nWORKDIR /src\nCOPY . .\nRUN cargo build --release && cp target/release/app app\n"
        + APP,
        ("RUN xx-cargo build",),
    ),
    # Makefiles.
    "a makefile": Fault(
        GO + "RUN make build\n" + APP, (f"RUN {BOTH} make build",), files={"Makefile": MAKE}
    ),
    "a makefile with the commands": Fault(
        GO + "RUN make build\n" + APP,
        ("RUN xx-go --wrap && make build",),
        files={"Makefile": MAKE},
        mode="xx",
    ),
    "a makefile that is not there": Fault(
        GO + "RUN make build\n" + APP, left=(5, "its makefile is not beside the Dockerfile")
    ),
    "a makefile with an architecture": Fault(
        GO + "RUN make build\n" + APP,
        left=(5, "Makefile:2 calls go GOARCH=amd64"),
        files={"Makefile": "build:\n\tGOARCH=amd64 go build -o app .\n"},
    ),
    "a makefile that sets an architecture": Fault(
        GO + "RUN make build\n" + APP,
        left=(5, "Makefile:4 calls go GOARCH=amd64"),
        files={"Makefile": "GOARCH = amd64\n\nbuild:\n\tgo build -o app .\n"},
    ),
    "a makefile with a default": Fault(
        GO + "RUN make build\n" + APP,
        (f"RUN {BOTH} make build",),
        files={"Makefile": "GOARCH ?= amd64\nexport GOARCH\nbuild:\n\tgo build -o app .\n"},
    ),
    "a makefile that runs what it made": Fault(
        GO + "RUN make build\n" + APP,
        left=(5, "./app runs here"),
        files={"Makefile": "build:\n\tgo build -o app .\n\t./app --version\n"},
    ),
    "a makefile with a generator": Fault(
        GO + "RUN make build\n" + APP,
        left=(5, "go run is told the target too"),
        files={
            "Makefile": "build: gen\n\tgo build -o app .\ngen:\n\tgo run ./gen\n",
            "gen/main.go": "package main\n",
        },
    ),
    "a makefile that reads the target": Fault(
        "FROM --platform=$BUILDPLATFORM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nARG TARGETOS TARGETARCH\nRUN make build\n"
        + APP,
        ("RUN make build\n",),
        (BOTH,),
        files={"Makefile": "build:\n\tGOOS=$(TARGETOS) GOARCH=$(TARGETARCH) go build -o app .\n"},
    ),
    "a makefile of C in an image of Go": Fault(
        GO + "RUN make -C clib install\nRUN CGO_ENABLED=1 go build -o app .\n" + APP,
        ("RUN make CC=xx-clang CXX=xx-clang++ -C clib install", "CGO_ENABLED=1 xx-go build"),
        files={"clib/Makefile": "install: hi.so\nhi.so: hi.c\n\t$(CC) -shared -o $@ $<\n"},
    ),
    "a makefile of C with a compiler by name": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:2 calls gcc by its name"),
        files={"Makefile": "app: app.c\n\tgcc -o app app.c\n"},
    ),
    "a makefile of C that runs a generator": Fault(
        C + "RUN make\n" + APP,
        left=(5, "./gen runs here"),
        files={
            "Makefile": "app: table.h\n\t$(CC) -o app app.c\ntable.h: gen\n\t./gen >table.h\ngen: gen.c\n\t$(CC) -o gen gen.c\n"
        },
    ),
    "a makefile of C that asks for the machine": Fault(
        C + "RUN make\n" + APP,
        left=(5, "asks what machine"),
        files={"Makefile": "M := $(shell uname -m)\napp: app.c\n\t$(CC) -DM=$(M) -o app app.c\n"},
    ),
    "a makefile of C that asks in a condition": Fault(
        C + "RUN make\n" + APP,
        left=(5, "asks what machine"),
        files={
            "Makefile": "ifeq ($(shell uname -m),x86_64)\nCFLAGS += -DX\nendif\napp: app.c\n\t$(CC) $(CFLAGS) -o app app.c\n"
        },
    ),
    "a makefile of C that asks for nothing": Fault(
        C + "RUN make\n" + APP,
        ("make CC=xx-clang",),
        files={"Makefile": "M := $(shell uname -m)\napp: app.c\n\t$(CC) -o app app.c\n"},
    ),
    # Where results are.
    "a profile in a variable": Fault(
        RUST
        + "ARG PROFILE=release\nRUN cargo build --profile $PROFILE && cp target/$PROFILE/app app\n"
        + APP,
        ("cp target/$(xx-cargo --print-target-triple)/$PROFILE/app app",),
    ),
    "a profile by name": Fault(
        RUST
        + "RUN cargo build --profile dist\nFROM scratch\nCOPY --from=build /src/target/dist/app /app\n",
        (
            "RUN built=/src/target/$(xx-cargo --print-target-triple)/dist && xx-verify $built/app && mkdir",
        ),
    ),
    "a folder of results in ENV": Fault(
        RUST
        + "ENV CARGO_TARGET_DIR=/out\nRUN cargo build --release && cp /out/release/app app\n"
        + APP,
        ("cp /out/$(xx-cargo --print-target-triple)/release/app app",),
    ),
    "a folder of results as an option": Fault(
        RUST + "RUN cargo build --release --target-dir /out && cp /out/release/app app\n" + APP,
        ("cp /out/$(xx-cargo --print-target-triple)/release/app app",),
    ),
    "several programs": Fault(
        RUST + "RUN cargo build --release\nRUN strip target/release/a\n"
        "FROM scratch\nCOPY --from=build /src/target/release/a /src/target/release/b /\n",
        (
            "-strip target/$(xx-cargo --print-target-triple)/release/a\n",
            "RUN built=/src/target/$(xx-cargo --print-target-triple)/release && ",
            "xx-verify $built/a $built/b && mkdir -p /src/target/release && ",
            "cp $built/a $built/b /src/target/release/\n",
        ),
    ),
    "a folder of programs": Fault(
        RUST
        + "RUN cargo build --release\nFROM scratch\nCOPY --from=build /src/target/release/ /\n",
        ("cp -r $built/. /src/target/release/\n", "RUN find -H /src/target/release/ "),
    ),
    "a front end in the stage of a program": Fault(
        GO.replace("WORKDIR", "RUN apk add npm\nWORKDIR")
        + "RUN npm ci && npm run package && go build -o /app\nFROM scratch\nCOPY --from=build /app /app\n",
        (f"npm run package && {BOTH} go build -o /app\n",),
    ),
    "libraries and a program behind a pattern": Fault(
        GO
        + "RUN go install example.com/lib\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go install ./cmd/app\nFROM scratch\nCOPY --from=build /go/bin/* /\n",
        (
            f"RUN {BOTH} go install example.com/lib && {{ [ ! -d",
            "RUN GOARCH=$TARGETARCH go install ./cmd/app && { [ ! -d /go/bin/${TARGETOS}_${TARGETARCH} ]",
        ),
    ),
    "a program that was installed for the target": Fault(
        GO
        + "ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go install ./cmd/app\nFROM scratch\nCOPY --from=build /go/bin/app /\n",
        ("RUN GOARCH=$TARGETARCH go build -o /go/bin/ ./cmd/app\n",),
    ),
    "one target in cargo's settings on its command line": Fault(
        RUST + "RUN cargo build --config 'build.target = \"x86_64-unknown-linux-gnu\"'\n" + APP,
        left=(4, "cargo is told one target"),
    ),
    "packages below a user of another stage": Fault(
        "FROM rust:1.95-alpine AS base\nRUN apk add --no-cache musl-dev\nUSER app\nFROM base AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release && cp target/release/app app\n"
        + APP,
        ("USER root\nRUN xx-apk add --no-cache xx-c-essentials\nUSER app\n",),
    ),
    "an image that the target chooses": Fault(
        "FROM --platform=$BUILDPLATFORM example/cross:$TARGETARCH AS build\nARG TARGETARCH\nCOPY . .\nRUN go build -o /src/app .\n"
        + APP,
        ("RUN go build -o /src/app .\n",),
    ),
    "a program of Node for the target": Fault(
        "FROM node:22 AS build\nARG TARGETPLATFORM\nWORKDIR /src\nRUN node build.js $TARGETPLATFORM\n"
        + APP,
        left=(4, "node is told the target"),
    ),
    "an answer that nobody uses": Fault(
        RUST
        + 'RUN arch="$(apk --print-arch)"; cargo build --release && cp target/release/app app\n'
        + APP,
        ("; xx-cargo build",),
    ),
    "a front end on the build machine": Fault(
        "FROM --platform=$BUILDPLATFORM node:22 AS web\nWORKDIR /web\nRUN npm ci\nFROM nginx\nCOPY --from=web /web /web\n",
        ("RUN npm ci\n",),
    ),
    "a program in front of cargo that may be": Fault(
        RUST
        + 'ARG A\nRUN ${A:+env A="${A}"} cargo build --release && cp target/release/app app\n'
        + APP,
        ('RUN ${A:+env A="${A}"} xx-cargo build',),
    ),
    "functions of make": Fault(
        GO + "RUN make build\n" + APP,
        (f"RUN {BOTH} make build",),
        files={
            "Makefile": "V := $(lastword $(sort $(patsubst v%,%,$(shell git tag))))\nbuild:\n\t$(info x)\n\tgo build -ldflags '-X v=$(V)' -o app .\n"
        },
    ),
    "go install into GOBIN": Fault(
        GO
        + "ENV GOBIN=/out\nRUN go install ./cmd/app\nFROM scratch\nCOPY --from=build /out/app /\n",
        (f"RUN {BOTH} go build -o /out/ ./cmd/app",),
    ),
    "an archive is no program": Fault(
        "FROM golang:1.26 AS build\nCOPY . .\nRUN CGO_ENABLED=1 go build -buildmode=c-archive -o /out/x.a .\nFROM scratch\nCOPY --from=build /out/ /\n",
        ("RUN CGO_ENABLED=1 xx-go build -buildmode=c-archive -o /out/x.a .\n", "find -H /out/ "),
        ("xx-verify /out/x.a",),
    ),
    # What is built does not run.
    "a program of make runs": Fault(
        GO + "RUN make build && cp bin/app app\nRUN ./app version\n" + APP,
        left=(6, "./app"),
        files={"Makefile": MAKE},
    ),
    "a program of cargo runs": Fault(
        RUST + "RUN cargo build --release && target/release/app --completions >c\n" + APP,
        left=(4, "target/release/app runs here"),
    ),
    "a program of another stage runs": Fault(
        "FROM golang:1.26 AS tool\nRUN CGO_ENABLED=0 go build -o /gen .\n"
        + GO
        + "COPY --from=tool /gen /usr/bin/gen\nRUN gen && go build -o app .\n"
        + APP,
        ("RUN gen && go build",),
    ),
    "a program's libraries": Fault(
        C + "RUN gcc -o app app.c && ldd app\n" + APP,
        left=(5, "starts the program to list its libraries"),
    ),
    # Packages.
    "a compiler for the tests": Fault(
        "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y golang gcc libc6-dev\nCOPY . .\nRUN CGO_ENABLED=1 go test -race ./...\nRUN go build -o /src/app .\n"
        + APP,
        (
            "apt-get install -y golang gcc libc6-dev clang lld llvm\n",
            "RUN CGO_ENABLED=1 go test -race ./...\n",
        ),
    ),
    "headers that the build machine reads": Fault(
        RUST.replace(
            "WORKDIR",
            "RUN apt-get update && apt-get install -y libclang-dev dpkg-dev libssl-dev\nWORKDIR",
        )
        + "RUN cargo build --release && cp target/release/app app\n"
        + APP,
        (
            "install -y libclang-dev dpkg-dev clang lld llvm\n",
            "xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials libssl-dev\n",
        ),
    ),
    "the kernel's headers of Alpine": Fault(
        "FROM rust:1.95-alpine AS build\nRUN apk add --no-cache musl-dev linux-headers\nCOPY . .\nRUN cargo install --path . --root /src\nFROM scratch\nCOPY --from=build /src/bin/app /app\n",
        (
            "RUN apk add --no-cache musl-dev linux-headers clang lld llvm\n",
            "xx-apk add --no-cache xx-c-essentials linux-headers\n",
        ),
    ),
    "packages below the step that compiles": Fault(
        "FROM gcc:14 AS build\nCOPY app.c /src/\nRUN gcc -o /src/app /src/app.c\nRUN apt-get update && apt-get install -y file && file /src/app\n"
        + APP,
        (
            "COPY --from=xx / /\nRUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm\n",
            "apt-get install -y file && file",
        ),
    ),
    "packages below a user": Fault(
        C.replace("WORKDIR", "USER nobody\nWORKDIR") + "RUN gcc -o app app.c\n" + APP,
        ("xx-c-essentials\nUSER nobody\n",),
    ),
    "C without its name": Fault(
        "FROM golang:1.26 AS build\nRUN apt-get update && apt-get install -y gcc libc6-dev\nCOPY . .\nRUN go build -o /src/app .\n"
        + APP,
        ("RUN CGO_ENABLED=1 xx-go build",),
    ),
    "C in a module": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o app .\n" + APP,
        ("RUN CGO_ENABLED=1 xx-go build",),
        files={
            "go.mod": "module a\nrequire github.com/mattn/go-sqlite3 v1.14.0\n",
            "main.go": "package main\n",
        },
    ),
    "libraries of the image": Fault(
        RUST + "RUN cargo build --release && cp target/release/app app\n" + APP,
        (" libssl-dev\n",),
        files={"Cargo.lock": '[[package]]\nname = "openssl-sys"\n'},
    ),
    "libraries for the build machine": Fault(
        C.replace(" make", " make cmake python3-pip")
        + "RUN pip install conan && conan install . && cmake . && make\n"
        + APP,
        left=(5, "conan: it builds libraries"),
    ),
    # Questions about the machine.
    "dpkg is asked": Fault(
        GO
        + "RUN curl -o t https://e.com/t-$(dpkg --print-architecture) && go build -o app .\n"
        + APP,
        left=(5, "dpkg: it asks what machine"),
    ),
    "uname is asked": Fault(
        GO + "RUN A=$(uname -m) && curl -o t https://e.com/$A && go build -o app .\n" + APP,
        left=(5, "uname: it asks"),
    ),
    "rustc is asked": Fault(
        RUST + "RUN rustc -vV && cargo build --release\n" + APP, left=(4, "rustc: it asks")
    ),
    "node is asked": Fault(
        GO + "RUN node -p process.arch && go build -o app .\n" + APP, left=(5, "node: it asks")
    ),
    "the system is asked": Fault(
        GO + "RUN uname -s && go build -o app .\n" + APP, ("RUN uname -s && ",)
    ),
    # Caches.
    "a cache of results": Fault(
        C + "RUN --mount=type=cache,target=/src/build gcc -o app app.c\n" + APP,
        ("--mount=type=cache,id=/src/build-$TARGETPLATFORM,target=/src/build xx-clang",),
    ),
    "a cache of results with a name": Fault(
        RUST
        + "RUN --mount=type=cache,id=t,target=target cargo build --release && cp target/release/app app\n"
        + APP,
        ("id=t-$TARGETPLATFORM,target=target",),
    ),
    "a cache of modules": Fault(
        GO
        + "RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o app .\n"
        + APP,
        (),
        ("-$TARGETPLATFORM",),
    ),
    # Platforms.
    "a stage that the target chooses": Fault(
        "FROM debian:bookworm AS base-amd64\nFROM debian:bookworm AS base-arm64\nFROM base-${TARGETARCH} AS build\nRUN gcc -o /src/app a.c\n"
        + APP,
        left=(3, "chosen by the target"),
    ),
    "stages named after a platform": Fault(
        "FROM golang:1.26 AS build-amd64\nRUN go build -o /app .\nFROM golang:1.26 AS build-arm64\nRUN go build -o /app .\nFROM build-$TARGETARCH\n",
        left=(5, "chosen by the target"),
    ),
    "a default of the build platform": Fault(
        "FROM --platform=${BUILDPLATFORM:-linux/amd64} golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o app .\n"
        + APP,
        (f"RUN CGO_ENABLED=0 {BOTH} go build",),
    ),
    "a build platform that is a constant": Fault(
        "ARG BUILDPLATFORM=linux/amd64\nFROM --platform=$BUILDPLATFORM golang:1.26 AS build\nRUN go build -o /src/app .\n"
        + APP,
        left=(2, "fixed to linux/amd64"),
    ),
    # What comes for the target.
    "a tool out of an image": Fault(
        GO
        + "COPY --from=bufbuild/buf /usr/local/bin/buf /usr/bin/buf\nRUN buf generate && go build -o app .\n"
        + APP,
        (
            "FROM --platform=$BUILDPLATFORM bufbuild/buf AS buf\n\nFROM --platform=$BUILDPLATFORM golang:1.26 AS build\n",
            "COPY --from=buf /usr/local/bin/buf /usr/bin/buf\n",
        ),
    ),
    "a tool that is downloaded for the target": Fault(
        GO
        + "ARG TARGETARCH\nRUN curl -o /usr/bin/protoc https://e.com/protoc-$TARGETARCH && protoc x && go build -o app .\n"
        + APP,
        left=(6, "protoc is downloaded for the target"),
    ),
    "a file that is downloaded for the target": Fault(
        GO
        + "ARG TARGETARCH\nRUN curl -o tini https://e.com/tini-$TARGETARCH && go build -o app .\n"
        + APP,
        ("find -H /src/app ",),
    ),
    # Other languages.
    "a front end": Fault(
        "FROM node:22 AS web\nWORKDIR /web\nCOPY . .\nRUN npm ci && npm run build\nFROM nginx\nCOPY --from=web /web/dist /srv\n",
        (
            "FROM --platform=$BUILDPLATFORM node:22 AS web\n",
            "RUN find -H /web/dist ",
            "is for one platform",
        ),
    ),
    "packages of Node": Fault(
        "FROM node:22 AS web\nWORKDIR /web\nCOPY . .\nRUN npm ci\nFROM node:22\nCOPY --from=web /web/node_modules /web/node_modules\n",
        left=(4, "npm: its packages may contain programs"),
    ),
    "Java": Fault(
        "FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/target/app.jar /app.jar\n",
        ("FROM --platform=$BUILDPLATFORM maven:3 AS build\n", "find -H /src/target/app.jar "),
    ),
    "Java for one machine": Fault(
        "FROM maven:3 AS build\nWORKDIR /src\nRUN mvn -Pnative native:compile\nFROM scratch\nCOPY --from=build /src/target/app /app\n",
        left=(3, "mvn: it builds a program or a runtime"),
    ),
    "wheels": Fault(
        "FROM python:3 AS build\nRUN pip install --prefix /install numpy\nFROM python:3-slim\nCOPY --from=build /install /usr/local\n",
        left=(2, "pip: it selects wheels with compiled code"),
    ),
    "a program beside a front end": Fault(
        "FROM node:22 AS web\nWORKDIR /web\nRUN yarn && yarn build\n"
        + GO
        + "COPY --from=web /web/dist web\nRUN go build -o app .\n"
        + APP,
        (
            "FROM --platform=$BUILDPLATFORM node:22 AS web\n",
            "FROM --platform=$BUILDPLATFORM golang:1.26 AS build\n",
        ),
        ("find -H /web/dist",),
    ),
}
"""By what is the matter."""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_was(name: str, rows: Tools, parts: dict[str, str]) -> None:
    examine(FAULTS[name], rows, parts)


def examine(fault: Fault, rows: Tools, parts: dict[str, str]) -> None:
    """Convert the file of a fault, and judge what becomes of it."""
    done = convert.convert(fault.text, rows, parts, fault.mode, project=Files(fault.files))
    if fault.left:
        assert done.text == fault.text
        assert [
            (note.line, note.message)
            for note in done.notes
            if fault.left[1] in note.message and note.line == fault.left[0]
        ], done.notes
    for line in fault.has:
        assert line in done.text, (done.text, done.notes)
    for line in fault.lacks:
        assert line not in done.text


@pytest.mark.parametrize("mode", [None, *convert.MODES])
@pytest.mark.parametrize("aggressive", [False, True])
def test_once_is_enough(
    mode: str | None, aggressive: bool, rows: Tools, parts: dict[str, str]
) -> None:
    for name, fault in FAULTS.items():
        files = Files(fault.files)
        once = convert.convert(fault.text, rows, parts, mode, project=files, aggressive=aggressive)
        twice = convert.convert(once.text, rows, parts, mode, project=files, aggressive=aggressive)
        assert twice.text == once.text, name
        check(read(parse(once.text)), rows)
