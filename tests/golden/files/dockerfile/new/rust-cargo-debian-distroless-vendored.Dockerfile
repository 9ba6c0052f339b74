# xxpy: begin new language=rust system=cargo base=debian runtime=distroless mode=vendored name=app
FROM --platform=$BUILDPLATFORM rust:1-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
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

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
