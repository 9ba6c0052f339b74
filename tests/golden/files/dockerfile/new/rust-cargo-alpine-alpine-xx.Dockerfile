# xxpy: begin new language=rust system=cargo base=alpine runtime=alpine mode=xx name=app
FROM --platform=$BUILDPLATFORM rust:1-alpine AS build
RUN apk add --no-cache clang lld llvm tzdata
COPY --from=xx / /
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    mkdir src && touch src/main.rs && cargo fetch --locked && rm -r src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/usr/local/cargo/git \
    --mount=type=cache,target=/src/target \
    xx-cargo build --release --locked && \
    install -D target/$(xx-cargo --print-target-triple)/release/app /out/usr/bin/app && \
    xx-verify /out/usr/bin/app

FROM alpine:3.22
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
