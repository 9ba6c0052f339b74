FROM --platform=$BUILDPLATFORM rust:1.63 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN xx-cargo build --release
RUN built=/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/libgreet.so && mkdir -p /src/target/release && cp $built/libgreet.so /src/target/release/

FROM debian:bookworm-slim
COPY --from=build /src/target/release/libgreet.so /usr/lib/greet/
