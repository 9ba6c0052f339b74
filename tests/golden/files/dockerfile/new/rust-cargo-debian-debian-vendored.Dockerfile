# xxpy: begin new language=rust system=cargo base=debian runtime=debian mode=vendored name=app
FROM --platform=$BUILDPLATFORM rust:1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates clang lld llvm tzdata
COPY xx/ /
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    mkdir src && touch src/main.rs && cargo fetch --locked && rm -r src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    --mount=type=cache,target=/src/target \
    xx-cargo build --release --locked && \
    install -D target/$(xx-cargo --print-target-triple)/release/app /out/usr/bin/app && \
    xx-verify /out/usr/bin/app

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
