FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
ARG APP=app
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src/ src/
RUN --mount=type=cache,target=/src/target \
    --mount=type=cache,target=/usr/local/cargo/registry \
    xx-cargo build --locked --release && \
    cp ./target/$(xx-cargo --print-target-triple)/release/$APP /bin/server

FROM debian:bookworm-slim AS final
COPY --from=build /bin/server /bin/
EXPOSE 8000
CMD ["/bin/server"]
