"""Kinds of Dockerfiles with Rust that a conversion understands: one named target, cargo behind make and scripts."""

from __future__ import annotations

from tests.dockerfile.faults import APP, RUST, Fault

LOCK = '[[package]]\nname = "app"\n'
FAULTS = {
    "one target of Rust, with nothing of C": Fault(
        RUST
        + "RUN rustup target add x86_64-unknown-linux-musl && cargo build --release --target x86_64-unknown-linux-musl\n"
        + "FROM scratch\nCOPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app\n",
        (
            "ENV XX_LIBC=musl\n",
            "RUN rustup target add $(xx-cargo --print-target-triple) && xx-cargo build --release\n",
            "COPY --from=build /src/target/release/app /app\n",
        ),
        files={"Cargo.lock": LOCK},
    ),
    "one target of Rust that the image names": Fault(
        "FROM ekidd/rust-musl-builder AS build\nCOPY . .\nRUN cargo build --release\n"
        "FROM scratch\nCOPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app\n",
        left=(5, "is for one target, which no command here names"),
        files={"Cargo.lock": LOCK},
    ),
    "one target of Rust, in a variable": Fault(
        RUST
        + "ARG T=x86_64-unknown-linux-gnu\nRUN cargo build --release --target=$T --locked && cp target/${T}/release/app app\n"
        + APP,
        (
            "RUN xx-cargo build --release --locked && cp target/$(xx-cargo --print-target-triple)/release/app app\n",
        ),
        ("XX_LIBC",),
    ),
    "one target of Rust, on Alpine": Fault(
        "FROM rust:1.95-alpine AS build\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release --target x86_64-unknown-linux-musl\n"
        "FROM scratch\nCOPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app\n",
        ("RUN xx-cargo build --release\n", "COPY --from=build /src/target/release/app /app\n"),
        ("XX_LIBC",),
    ),
    "one target of Rust with the other C library": Fault(
        "FROM rust:1.95-alpine AS build\nWORKDIR /src\nCOPY . .\n"
        "RUN cargo build --release --target x86_64-unknown-linux-gnu\n" + APP,
        left=(4, "has another C library"),
    ),
    "one target of Rust, and a crate with C": Fault(
        RUST + "RUN cargo build --release --target x86_64-unknown-linux-musl\n" + APP,
        left=(4, "the crate cc needs a C compiler"),
        files={"Cargo.lock": LOCK + '[[package]]\nname = "cc"\n'},
    ),
    "one target of Rust in quotes": Fault(
        RUST
        + "RUN cargo build --release --target x86_64-unknown-linux-musl && sh -c 'ls target/x86_64-unknown-linux-musl'\n"
        + APP,
        left=(4, "where the shell does not replace it"),
        files={"Cargo.lock": LOCK},
    ),
    "cargo behind make": Fault(
        RUST + "RUN make\nFROM scratch\nCOPY --from=build /src/target/release/app /app\n",
        (
            'CARGO_BUILD_TARGET=$(xx-cargo --print-target-triple) RUSTFLAGS="-C linker=xx-clang" make\n',
            "RUN built=/src/target/$(xx-cargo",
        ),
        files={"Cargo.lock": LOCK, "Makefile": "all:\n\tcargo build --release\n"},
    ),
    "cargo behind make, which takes the result": Fault(
        RUST + "RUN make\n" + APP,
        left=(4, "Makefile:3: cp takes the result"),
        files={
            "Cargo.lock": LOCK,
            "Makefile": "all:\n\tcargo build --release\n\tcp target/release/app app\n",
        },
    ),
    "cargo behind make, with flags in its settings": Fault(
        RUST + "RUN make\n" + APP,
        left=(4, "Makefile:2: cargo has flags of its own"),
        files={
            "Cargo.lock": LOCK,
            "Makefile": "all:\n\tcargo build --release\n",
            ".cargo/config.toml": '[build]\nrustflags = ["-C", "target-feature=+crt-static"]\n',
        },
    ),
    "cargo behind make, with a folder of results": Fault(
        RUST + "RUN make\n" + APP,
        left=(4, "Makefile:2: cargo puts its results elsewhere than into the target folder"),
        files={"Cargo.lock": LOCK, "Makefile": "all:\n\tcargo build --target-dir /out\n"},
    ),
    "one target of Rust beside C": Fault(
        RUST
        + "RUN gcc -o helper helper.c\nRUN cargo build --release --target x86_64-unknown-linux-musl\n"
        + APP,
        left=(4, "compiles for the C library of rust:1.95, and cargo for another one"),
        files={"Cargo.lock": LOCK},
    ),
    "cargo behind a script that tests too": Fault(
        RUST + "RUN ./build.sh\n" + APP,
        left=(4, "build.sh:2: cargo runs programs that it compiles"),
        files={"Cargo.lock": LOCK, "build.sh": "#!/bin/sh\ncargo test && cargo build\n"},
    ),
    "cargo behind a script, and a crate with C": Fault(
        RUST + "RUN ./build.sh\n" + APP,
        left=(4, "build.sh:2: cargo needs more than a variable: the crate cmake"),
        files={
            "Cargo.lock": LOCK + '[[package]]\nname = "cmake"\n',
            "build.sh": "#!/bin/sh\ncargo build\n",
        },
    ),
}
"""By what is the matter."""
