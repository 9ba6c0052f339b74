"""Kinds of Dockerfiles as projects have them: a variable, a condition, another stage or make decides."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, RUST, C, Fault

FAULTS = {
    # Projects that people have: a variable, a condition or another stage decides.
    "a default hides the target": Fault(
        "FROM golang:1.26 AS build\nARG TARGETARCH=amd64\nENV CGO_ENABLED=0 GOARCH=$TARGETARCH\nWORKDIR /src\nCOPY . .\n"
        "RUN go build -o app .\n" + APP,
        ("ARG TARGETARCH\n", "GOARCH=$TARGETARCH"),
        ("=amd64\n",),
    ),
    "a default in quotes hides the target, beside another": Fault(
        "FROM golang:1.26 AS build\nARG V=1 TARGETOS='linux' TARGETARCH=\"arm64\"\nENV CGO_ENABLED=0\nWORKDIR /src\nCOPY . .\n"
        "RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o app .\n" + APP,
        ("ARG V=1 TARGETOS TARGETARCH\n",),
    ),
    "a default above the stages hides the target": Fault(
        "ARG TARGETARCH=amd64\nFROM golang:1.26 AS build\nARG TARGETARCH\nENV CGO_ENABLED=0\nWORKDIR /src\nCOPY . .\n"
        "RUN GOARCH=$TARGETARCH go build -o app .\n" + APP,
        ("ARG TARGETARCH\nFROM", f"RUN {BOTH} go build"),
        ("=amd64",),
    ),
    "the target of Rust that the project moves to": Fault(
        RUST
        + "RUN mkdir -p target/release && cargo build --release --target x86_64-unknown-linux-gnu\n"
        + "RUN mv target/x86_64-unknown-linux-gnu/release/app target/release/app\n"
        + "FROM debian\nCOPY --from=build /src/target/release/app /app\n",
        (
            "RUN mv target/$(xx-cargo --print-target-triple)/release/app target/release/app\n",
            "RUN find -H /src/target/release/app ",
        ),
        ("built=",),
    ),
    "Rust of Alpine's packages": Fault(
        "FROM alpine AS build\nRUN apk add cargo\nWORKDIR /src\nCOPY . .\nRUN cargo build --release && cp target/release/app app\n"
        + APP,
        left=(2, "cargo of apk has the standard library of Rust for its own machine only"),
    ),
    "Rust of Debian's packages": Fault(
        "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y cargo\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        ("xx-cargo build --release",),
    ),
    "an image of Windows": Fault(
        "FROM golang:1.26\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN go build -o / .\n"
        "FROM mcr.microsoft.com/windows/nanoserver:1809\nCOPY --from=0 /app.exe /app.exe\n",
        left=(6, "stage 1 is an image of Windows"),
    ),
    "an installer that is saved first": Fault(
        "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y curl gcc\nADD https://astral.sh/uv/0.9/install.sh /uv.sh\n"
        "RUN sh /uv.sh && curl -sSf -o /r.sh https://sh.rustup.rs && sh /r.sh -y\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        ("xx-cargo build --release",),
    ),
    "an installer that is started by its name": Fault(
        "FROM debian:bookworm AS build\nRUN apt-get update && apt-get install -y curl gcc\nADD https://sh.rustup.rs /r.sh\n"
        "RUN chmod +x /r.sh && /r.sh -y\nWORKDIR /src\nCOPY . .\nRUN cargo build --release && cp target/release/app app\n"
        + APP,
        ("xx-cargo build --release",),
    ),
    "packages that conditions choose": Fault(
        C + "RUN apt-get satisfy -y 'cmake (<< 4)' && gcc -o app app.c\n" + APP,
        left=(5, "apt-get: it installs packages by conditions"),
    ),
    "a script of the network that is saved first": Fault(
        "FROM debian:bookworm AS build\nRUN curl -sSf -o /r.sh https://e.com/install.sh && sh /r.sh -y\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        left=(2, "/r.sh is not a file of the project"),
    ),
    "C in the module above": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN cd cmd && go build -o /src/app .\n"
        + APP,
        ("CGO_ENABLED=1 xx-go build",),
        files={"go.mod": "module a\nrequire github.com/mattn/go-sqlite3 v1.14.22\n"},
    ),
    "a library that Maven chooses": Fault(
        "FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/target/app.jar /app.jar\n",
        left=(4, "pom.xml:1 chooses by the machine that it runs on: <classifier>${os.detected"),
        files={"pom.xml": "<classifier>${os.detected.classifier}</classifier>\n"},
    ),
    "a compiler of protocols that Maven chooses": Fault(
        "FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/target/app.jar /app.jar\n",
        ("FROM --platform=$BUILDPLATFORM maven:3 AS build\n",),
        files={"pom.xml": "<a>p:protoc:3:exe:${os.detected.classifier}</a>\n"},
    ),
    "a library that Gradle chooses in a module": Fault(
        "FROM gradle:8 AS build\nCOPY . /src\nWORKDIR /src\nRUN ./gradlew installDist\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/build/install/app /app\n",
        left=(
            4,
            "core/build.gradle.kts:2 chooses by the machine that it runs on: ${osdetector.os}",
        ),
        files={"gradlew": "", "core/build.gradle.kts": "a\n${osdetector.os}\n"},
    ),
    "a condition chooses one target of Rust": Fault(
        "FROM --platform=$BUILDPLATFORM rust:1.95 AS build\nARG TARGETARCH\nWORKDIR /src\nCOPY . .\n"
        "RUN if [ $TARGETARCH = arm64 ]; then cargo build -r --target aarch64-unknown-linux-gnu; else cargo build -r; fi\n"
        "FROM scratch\nCOPY --from=build /src/target/release/app /app\n",
        ("cargo build -r --target aarch64-unknown-linux-gnu; else cargo build -r; fi\n",),
        ("xx-cargo",),
    ),
    "a condition chooses one target of Rust under emulation": Fault(
        "FROM rust:1.95 AS build\nARG TARGETARCH\nWORKDIR /src\nCOPY . .\n"
        "RUN if [ $TARGETARCH = arm64 ]; then cargo build -r --target aarch64-unknown-linux-gnu; else cargo build -r; fi\n"
        "FROM scratch\nCOPY --from=build /src/target/release/app /app\n",
        left=(5, "for one target that a condition chooses in line 5"),
    ),
    "a profile of Rust in a build argument": Fault(
        RUST
        + "ARG CARGO_PROFILE=release\nRUN cargo build $(test $CARGO_PROFILE = release && echo --release) && mv target/$CARGO_PROFILE/app app\n"
        + APP,
        ("mv target/$(xx-cargo --print-target-triple)/$CARGO_PROFILE/app app\n",),
    ),
    "a folder of Rust that only the build shows": Fault(
        RUST
        + 'ARG RELEASE\nRUN cargo build && d=$(test -n "$RELEASE" && echo release || echo debug) && mv target/${d}/app app\n'
        + APP,
        left=(5, "which folder of cargo's results target/${d} is"),
    ),
    "a crate whose program has another name": Fault(
        RUST
        + "RUN cargo install sqlx-cli && cargo install cargo-chef && cargo chef prepare\nFROM debian\n"
        + "COPY --from=build /usr/local/cargo/bin/sqlx /usr/bin/sqlx\n",
        ("xx-cargo install sqlx-cli",),
    ),
    "packages of Node for a stage that moves": Fault(
        "FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n"
        "FROM node:22 AS build\nWORKDIR /app\nCOPY --from=deps /app/node_modules node_modules\nCOPY . .\nRUN npm run build\n"
        "FROM nginx\nCOPY --from=build /app/dist /srv\n",
        (
            "FROM --platform=$BUILDPLATFORM node:22 AS deps\n",
            "FROM --platform=$BUILDPLATFORM node:22 AS build\n",
            "find -H /app/dist -type f",
        ),
        ("find -H /app/node_modules",),
    ),
    "packages of Node for the image too": Fault(
        "FROM node:22 AS deps\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n"
        "FROM node:22 AS build\nWORKDIR /app\nCOPY --from=deps /app/node_modules node_modules\nCOPY . .\nRUN npm run build\n"
        "FROM node:22-slim\nCOPY --from=deps /app/node_modules /app/node_modules\nCOPY --from=build /app/dist /srv\n",
        left=(7, '/app/node_modules of stage "deps" is for the target'),
    ),
    "a server with the packages that it needs": Fault(
        "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n"
        "FROM node:22-slim\nCOPY --from=build /app/.next/standalone ./\n",
        left=(4, "/app/.next/standalone leaves the stage"),
    ),
    "an image that installs wheels": Fault(
        "FROM python:3.12-slim\nRUN pip install numpy\n",
        left=(2, "is the image, and pip works there for the platform"),
    ),
    "what uname says chooses by a condition": Fault(
        GO
        + 'RUN A=$(uname -m) && if [ "$A" = x86_64 ]; then Z=p-x86.zip; else Z=p-arm.zip; fi && curl -LO https://e.com/$Z && unzip -o $Z -d /usr/local && protoc --version\n'
        + "RUN go build -o app .\n"
        + APP,
        (f"RUN {BOTH} go build",),
    ),
    "what arch says chooses within a value": Fault(
        GO
        + 'RUN F=$([ "$(arch)" = aarch64 ] && echo p-arm.zip || echo "p-$(arch).zip"); curl -LO https://e.com/${F} && unzip "$F" -d /usr/local/ && rm -f "$F"\n'
        + "RUN go build -o app .\n"
        + APP,
        (f"RUN {BOTH} go build",),
    ),
    "what arch says chooses within a value of the program": Fault(
        GO
        + 'RUN F=$([ "$(arch)" = aarch64 ] && echo a || echo b); curl -LO https://e.com/${F} && go build -o $F .\n'
        + APP,
        left=(5, "arch: it asks"),
    ),
    "a target of make with a folder in front": Fault(
        GO + "RUN make bin/app\nFROM scratch\nCOPY --from=build /src/bin/app /app\n",
        (f"RUN {BOTH} make bin/app\n",),
        files={"Makefile": "./bin/app: main.go\n\tgo build -o bin/app .\n"},
    ),
    "make asks for the system": Fault(
        GO + "RUN make\n" + APP,
        (f"RUN {BOTH} make\n",),
        files={
            "Makefile": "S := $(shell uname -s)\nifeq ($(S),Linux)\ninclude linux.mk\nendif\n",
            "linux.mk": "app:\n\tgo build -o app .\n",
        },
    ),
    "an unknown verb of a package manager": Fault(
        "FROM fedora:43 AS build\nRUN dnf frobnicate x && gcc -o /src/app app.c\n" + APP,
        left=(2, "what dnf frobnicate does is not known"),
    ),
    "what uname says chooses by a condition, and more": Fault(
        GO
        + 'RUN A=$(uname -m); case "$A" in x86_64) g=amd64 ;; *) g=arm64 ;; esac; curl -o /usr/bin/t https://e.com/$g; GOARCH=$g go build -o app .\n'
        + APP,
        left=(5, "uname: it asks"),
    ),
    "C in a module behind make, which knows the target": Fault(
        "FROM golang:1.26 AS build\nARG TARGETARCH\nWORKDIR /src\nCOPY . .\nRUN make arch=$TARGETARCH\n"
        + APP,
        ("RUN xx-go --wrap && CGO_ENABLED=1 make arch=$TARGETARCH\n",),
        files={
            "Makefile": "all:\n\tcd server; env GOARCH=$(arch) go build -o ../app .\n",
            "server/go.mod": "module a\nrequire github.com/mattn/go-sqlite3 v1.14.22\n",
        },
    ),
    "C for the target that Go is told, without a compiler": Fault(
        "FROM golang:1.26 AS build\nARG TARGETARCH\nENV CGO_ENABLED=1\nWORKDIR /src\nCOPY . .\nRUN GOARCH=$TARGETARCH go build -o app .\n"
        + APP,
        ("RUN xx-go build -o app . && xx-verify app\n",),
    ),
    "make sets a variable by eval": Fault(
        GO + "RUN make\n" + APP,
        (f"RUN {BOTH} make\n",),
        files={
            "Makefile": "all:\n\t$(eval F += -X \"main.v=1\")\n\tgo build -ldflags '$(F)' -o app .\n"
        },
    ),
    "make names a compiler by eval": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:3 starts a program whose name only a run of make shows"),
        files={"Makefile": "all:\n\t$(eval CC = gcc)\n\t$(CC) -o app app.c\n"},
    ),
    "make includes what a compiler has written": Fault(
        C + "RUN make\n" + APP,
        ("RUN make CC=xx-clang",),
        files={
            "Makefile": "D := $(O:.o=.d)\nall:\n\t$(CC) -o app app.c\ninclude $(wildcard $(D))\n"
        },
    ),
    "make includes what only a run shows": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:3: hosts/$(shell hostname).mk, which it includes, cannot be read"),
        files={"Makefile": "all:\n\t$(CC) -o app app.c\ninclude hosts/$(shell hostname).mk\n"},
    ),
    "CMake behind make that chooses a compiler": Fault(
        C + "RUN make\n" + APP,
        left=(5, "-DCMAKE_C_COMPILER=gcc chooses the compiler"),
        files={
            "Makefile": "all:\n\tcmake -B b -DCMAKE_C_COMPILER=gcc\n\tcmake --build b\n",
            "CMakeLists.txt": "project(a C)\n",
        },
    ),
    "CMake behind a script, which runs make": Fault(
        C + "RUN ./build.sh && make -C b install\n" + APP,
        (
            "RUN CMAKE_TOOLCHAIN_FILE=/cmake-cross.cmake ./build.sh && make -C b install\n",
            'RUN <<"END"\n',
        ),
        files={
            "build.sh": "#!/bin/sh\ncmake -B b . && make -C b\n",
            "CMakeLists.txt": "project(a C)\n",
        },
    ),
    "CMake behind a script, and a compiler": Fault(
        C + "RUN ./build.sh\n" + APP,
        left=(5, "build.sh:3 calls gcc by its name, and not $(CC)"),
        files={
            "build.sh": "#!/bin/sh\ncmake -B b .\ngcc -o app app.c\n",
            "CMakeLists.txt": "project(a C)\n",
        },
    ),
    "a toolchain file of CMake in ENV": Fault(
        C + "ENV CMAKE_TOOLCHAIN_FILE=/src/own.cmake\nRUN cmake -B b . && cmake --build b\n" + APP,
        left=(6, "CMAKE_TOOLCHAIN_FILE=/src/own.cmake chooses the compiler"),
        files={"CMakeLists.txt": "project(a C)\n"},
    ),
}
"""By what is the matter."""
