"""Kinds of Dockerfiles: which packages a step installs, and which of them Go needs for C."""

from __future__ import annotations

from tests.dockerfile.faults import APP, C, Fault

ALPINE = "FROM golang:1.26-alpine AS build\nWORKDIR /src\nCOPY . .\n"
DEBIAN = "FROM debian:bookworm AS build\n"
GCC = "WORKDIR /src\nCOPY . .\nRUN gcc -o app app.c -lz\n" + APP
PIPED = "RUN curl -sSL https://install.python-poetry.org | python3 -\n"
WHEELS = "COPY --from=build /wheels /wheels\n"

FAULTS = {
    "packages in ENV": Fault(
        ALPINE + 'ENV PACKAGES="git build-base eudev-dev"\nRUN apk add $PACKAGES\n'
        "RUN go build -o app .\n" + APP,
        (
            "RUN apk add $PACKAGES clang lld llvm\n",
            "RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials eudev-dev\n",
            "RUN CGO_ENABLED=1 xx-go build -o app . && xx-verify app\n",
        ),
    ),
    "packages in a default of ARG, and one in a variable of the shell": Fault(
        DEBIAN + 'ARG LIBRARIES="zlib1g-dev libpng-dev"\n'
        "RUN apt-get update && C=gcc && apt-get install -y $C $LIBRARIES\n" + GCC,
        (
            "apt-get install -y $C $LIBRARIES clang lld llvm\n",
            "xx-apt-get install -y --no-install-recommends xx-c-essentials zlib1g-dev libpng-dev\n",
        ),
    ),
    "more packages in an ARG without a default": Fault(
        DEBIAN + "ARG MORE\nRUN apt-get update && apt-get install -y gcc zlib1g-dev $MORE\n" + GCC,
        (
            "apt-get install -y gcc $MORE clang lld llvm\n",
            "xx-apt-get install -y --no-install-recommends xx-c-essentials zlib1g-dev\n",
        ),
    ),
    "packages that a condition chooses": Fault(
        DEBIAN + 'RUN apt-get update && L=""; if [ "$TLS" = 1 ]; then L=libssl-dev; fi; '
        "apt-get install -y gcc $L\n" + GCC,
        left=(2, "which packages $L names, only the build shows; write their names"),
    ),
    "packages in a file": Fault(
        DEBIAN + "COPY packages.txt .\nRUN apt-get update && apt-get install -y gcc $(cat packages.txt)\n"
        + GCC,
        left=(3, "which packages $(cat packages.txt) names, only the build shows"),
    ),
    "versions of packages": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y gcc=4:12.2.0-3 zlib1g-dev=1:1.2.13* make\n"
        + GCC,
        (
            "apt-get install -y gcc=4:12.2.0-3 make clang lld llvm\n",
            "xx-c-essentials 'zlib1g-dev=1:1.2.13*'\n",
        ),
    ),
    "versions of packages of Alpine, and where they come from": Fault(
        "FROM alpine AS build\nRUN apk add 'gcc>12' zlib-dev~1.3 libpng-dev@edge musl-dev\n" + GCC,
        (
            "RUN apk add 'gcc>12' musl-dev clang lld llvm\n",
            "RUN xx-apk add --no-cache xx-c-essentials 'zlib-dev~1.3' libpng-dev@edge\n",
        ),
    ),
    "a package of an architecture": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y gcc zlib1g-dev:arm64\n" + GCC,
        ("apt-get install -y gcc zlib1g-dev:arm64 clang lld llvm\n",),
        ("essentials zlib1g-dev",),
    ),
    "Go that links with an external linker": Fault(
        'FROM golang:1.26-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN go build -ldflags="-s -linkmode=external" -o app .\n'
        + APP,
        ("RUN CGO_ENABLED=1 xx-go build",),
    ),
    "Go with another cryptography": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV GOEXPERIMENT=boringcrypto\nRUN go build -o app .\n"
        + APP,
        ("RUN CGO_ENABLED=1 xx-go build -o app . && xx-verify app",),
    ),
    "Go with another cryptography behind make, and without C": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN make\n" + APP,
        ("RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make\n",),
        files={"Makefile": "app:\n\tCGO_ENABLED=0 GOEXPERIMENT=boringcrypto go build -o app .\n"},
    ),
    "Go behind make by its path": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN make\n" + APP,
        ("RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make\n",),
        files={"Makefile": 'GO := "$(shell which go)"\napp:\n\t$(GO) build -o app .\n'},
    ),
    "a compiler behind make by its path": Fault(
        C + "RUN make\n" + APP,
        left=(5, "Makefile:3 calls gcc by its name, and not $(CC)"),
        files={"Makefile": "X = $(shell command -v gcc)\napp:\n\t$(X) -o app app.c\n"},
    ),
    "an installer that Python reads": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y curl gcc python3 zlib1g-dev\n" + PIPED + GCC,
        ("xx-clang -o app app.c -lz && xx-verify app",),
    ),
    "an installer of pip that is saved first": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y curl gcc python3 zlib1g-dev\n"
        "RUN curl -o /tmp/get-pip.py https://bootstrap.pypa.io/get-pip.py && python3 /tmp/get-pip.py\n"
        + GCC,
        ("xx-clang -o app app.c -lz && xx-verify app",),
    ),
    "an installer that Python reads, and wheels": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y curl gcc python3 zlib1g-dev\n" + PIPED
        + "RUN pip3 wheel -w /wheels flask\n" + GCC + WHEELS,
        left=(4, "pip3: it selects wheels with compiled code"),
    ),
    "a Python program of the network": Fault(
        DEBIAN + "RUN apt-get update && apt-get install -y curl gcc python3 zlib1g-dev\n"
        "RUN curl -sSL https://example.com/setup.py | python3 -\n" + GCC,
        left=(3, "xxpy does not read what this Python program does"),
    ),
    "a folder in ENV that is copied into": Fault(
        "FROM golang:1.26 AS build\nENV ROOT /go\nENV DIR ${ROOT}/src/app\nENV CGO_ENABLED=0\nCOPY . ${DIR}\nWORKDIR ${DIR}\n"
        "RUN make && cp app /src/app\n" + APP,
        ("RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make && cp app /src/app\n",),
        files={"Makefile": "app:\n\tgo build -o app .\n"},
    ),
    "a folder that gets files alone, beside packages of Node": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN npm ci && npm run build\n"
        "RUN go build -o app . && mkdir -p /data/i18n && cp -r i18n/*.yaml /data/i18n\n"
        "FROM scratch\nCOPY --from=build /src/app /app\nCOPY --from=build /data /data\n",
        ("RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o app .", "find -H /src/app /data "),
    ),
    "a folder that gets the packages of Node": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN npm ci && npm run build\n"
        "RUN go build -o app . && mkdir -p /data && cp -r node_modules /data/\n"
        "FROM scratch\nCOPY --from=build /src/app /app\nCOPY --from=build /data /data\n",
        left=(5, "and /data leaves the stage"),
    ),
    "a folder that gets a folder of unknown contents": Fault(
        "FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN npm ci && npm run build\n"
        "RUN go build -o app . && mkdir /data && mv .next /data\n"
        "FROM scratch\nCOPY --from=build /src/app /app\nCOPY --from=build /data /data\n",
        left=(5, "and /data leaves the stage"),
    ),
    "a library that uname chooses": Fault(
        "FROM golang:1.26-alpine AS build\nRUN apk add build-base wget\n"
        "RUN A=$(uname -m) && wget https://example.com/libvm.$A.a -O /lib/libvm.$A.a\n"
        "WORKDIR /src\nCOPY . .\nRUN go build -o app .\n" + APP,
        left=(3, "uname: it asks what machine it runs on"),
    ),
    "libraries that uname chooses, in an archive": Fault(
        "FROM golang:1.26-alpine AS build\nRUN apk add build-base curl\n"
        "RUN A=$(uname -m) && curl https://example.com/vm-$A.tgz | tar xz -C /usr/local/lib\n"
        "WORKDIR /src\nCOPY . .\nRUN go build -o app .\n" + APP,
        left=(3, "uname: it asks what machine it runs on"),
    ),
    "a tool that uname chooses": Fault(
        "FROM golang:1.26-alpine AS build\nRUN apk add build-base curl\n"
        "RUN A=$(uname -m) && curl https://example.com/buf-$A.tgz | tar xz -C /usr/local/bin\n"
        "WORKDIR /src\nCOPY . .\nRUN buf generate && go build -o app .\n" + APP,
        ("xx-go build -o app .",),
    ),
    "clang, which brings the C++ library": Fault(
        "FROM rust:1.95-slim AS build\nRUN apt-get update && apt-get install -y clang\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        ("RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials\n",),
    ),
    "libclang for a tool, which brings it too": Fault(
        "FROM rust:1.95-slim AS build\nRUN apt-get update && apt-get install -y libclang-dev\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        ("apt-get install -y libclang-dev clang lld llvm\n", "xx-c-essentials xx-cxx-essentials\n"),
    ),
    "a linker in RUSTFLAGS": Fault(
        'FROM rust:1.95 AS build\nENV RUSTFLAGS="-C linker=gcc"\nWORKDIR /src\nCOPY . .\n'
        "RUN cargo build --release && cp target/release/app app\n" + APP,
        left=(5, "RUSTFLAGS names the linker gcc for every target; leave the linker out"),
    ),
    "a program of a package, in a stage that builds nothing": Fault(
        "FROM debian AS build\nRUN apt-get install -y busybox-static && /bin/busybox --install /src/app\n" + APP,
        left=(2, 'a step of stage "build" runs programs of the target'),
    ),
    "a tool that is moved to another place of the PATH": Fault(
        "FROM golang:1.26 AS build\nRUN go install example.com/gen@latest && mv /go/bin/gen /usr/local/go/bin\n"
        "WORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN gen && go build -o app .\n" + APP,
        left=(6, "gen: what this command does is not known"),
    ),
    "a program that is moved, runs and is taken": Fault(
        "FROM golang:1.26 AS build\nRUN go install example.com/gen@latest && mv /go/bin/gen /usr/bin/\n"
        "WORKDIR /src\nCOPY . .\nENV CGO_ENABLED=0\nRUN gen && go build -o app .\n" + APP
        + "COPY --from=build /usr/bin/gen /gen\n",
        left=(6, "gen runs here, which would be a program of the target"),
    ),
    "a program that is no shell script makes what leaves the stage": Fault(
        DEBIAN + "WORKDIR /src\nCOPY . .\nRUN ./x.py build\n" + APP,
        left=(4, "what x.py does is not read here: it is not a shell script"),
        files={"x.py": "#!/usr/bin/env python3\n"},
    ),
}  # fmt: skip
"""By what is the matter."""
