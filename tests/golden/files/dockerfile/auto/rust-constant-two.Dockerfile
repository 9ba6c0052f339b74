# note, line 7: left as it is: cargo is told one target, aarch64-unknown-linux-musl, whatever the build is for, and x86_64-unknown-linux-musl too, which looks intended; leave --target out, and let the build say the platform
# Programs for two machines on purpose: the downloads of a site.
FROM rust:1.95 AS build
RUN rustup target add x86_64-unknown-linux-musl aarch64-unknown-linux-musl
WORKDIR /src
COPY . .
RUN cargo build --release --target x86_64-unknown-linux-musl
RUN cargo build --release --target aarch64-unknown-linux-musl

FROM alpine:3.20
COPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /srv/app-x86_64
COPY --from=build /src/target/aarch64-unknown-linux-musl/release/app /srv/app-aarch64
