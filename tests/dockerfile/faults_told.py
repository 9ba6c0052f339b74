"""Faults that conversions had, of what tells a compiler the target: the variables that reach it, computed."""

from __future__ import annotations

from tests.dockerfile.faults import APP, BOTH, GO, MAKE, RUST, C, Fault

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
}
"""By what is the matter."""
