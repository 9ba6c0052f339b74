FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY --from=xx / /
RUN apt-get update && \
    apt-get install -y --no-install-recommends pkg-config clang lld llvm && \
    rm -rf /var/lib/apt/lists/*
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials zlib1g-dev
WORKDIR /src
COPY . .
RUN xx-cargo build --release
RUN built=/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /src/target/release && cp $built/app /src/target/release/

FROM debian:bookworm
COPY --from=build /src/target/release/app /usr/bin/app
CMD ["app"]
