# xxpy: begin new language=rust system=cargo base=alpine runtime=scratch mode=vendored name=app
FROM --platform=$BUILDPLATFORM rust:1-alpine AS build
RUN apk add --no-cache ca-certificates clang lld llvm tzdata
COPY xx/ /
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    mkdir src && touch src/main.rs && cargo fetch --locked && rm -r src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
COPY . .
ENV XX_RUSTFLAGS="-C target-feature=+crt-static"
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    --mount=type=cache,target=/src/target \
    xx-cargo build --release --locked && \
    install -D target/$(xx-cargo --print-target-triple)/release/app /out/usr/bin/app && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
