"""Faults that conversions had, of verbs, arguments, scripts, tools and constants."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, RUST, Fault

FAULTS = {
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
    "programs in a GOBIN that only the build shows": Fault(
        GO + "RUN GOBIN=$(cat place) go install .\n" + APP,
        left=(5, "where go install puts programs"),
    ),
    "programs in the first folder of GOPATH": Fault(
        "FROM golang:1.26 AS build\nENV GOPATH=/one:/two\nCOPY . .\nRUN go install ./cmd/app\n"
        "FROM scratch\nCOPY --from=build /one/bin/app /\n",
        ("go build -o /one/bin/ ./cmd/app",),
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
}
"""By what is the matter."""
