"""Faults that conversions had, of packages, questions about the machine, caches, platforms, and other languages."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, RUST, C, Fault

FAULTS = {
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
