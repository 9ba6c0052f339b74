# note, line 5: left as it is: cargo is told one target, x86_64-unknown-linux-musl, whatever the build is for; the crate cc needs a C compiler, or libraries, for the target; begin from an image of Alpine, whose C library this is, and leave --target out
FROM rust:1.95 AS build
RUN rustup target add x86_64-unknown-linux-musl && apt-get update && apt-get install -y musl-tools
WORKDIR /src
COPY . .
RUN cargo build --release --target x86_64-unknown-linux-musl

FROM scratch
COPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app
