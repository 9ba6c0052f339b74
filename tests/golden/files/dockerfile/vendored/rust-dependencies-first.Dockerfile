FROM --platform=$BUILDPLATFORM rust:1.63-slim-bookworm as build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm

# An empty project, so that the dependencies are a layer of their own.
RUN USER=root cargo new --bin server
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
WORKDIR /server
COPY ./Cargo.lock ./Cargo.lock
COPY ./Cargo.toml ./Cargo.toml
RUN xx-cargo build --release
RUN rm src/*.rs

COPY ./src ./src
RUN rm ./target/$(xx-cargo --print-target-triple)/release/deps/server*
RUN xx-cargo build --release
RUN built=/server/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/server && mkdir -p /server/target/release && cp $built/server /server/target/release/

FROM gcr.io/distroless/cc-debian12
COPY --from=build /server/target/release/server .
CMD ["./server"]
