"""Faults that conversions had, of makefiles, of where results are, and of what runs there."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, MAKE, RUST, C, Fault

FAULTS = {
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
}
"""By what is the matter."""
