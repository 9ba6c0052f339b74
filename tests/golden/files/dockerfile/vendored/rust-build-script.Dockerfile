FROM --platform=$BUILDPLATFORM rust:1.63-slim-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends make pkg-config clang lld llvm && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home app
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
USER app
WORKDIR /home/app/src
COPY --chown=app:app . .
RUN xx-cargo build --release
RUN built=/home/app/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /home/app/src/target/release && cp $built/app /home/app/src/target/release/

FROM debian:bookworm-slim
COPY --from=build /home/app/src/target/release/app /usr/local/bin/
CMD ["app"]
