FROM --platform=$BUILDPLATFORM rust:1.63 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ENV CARGO_TARGET_DIR=/build
WORKDIR /src
COPY . .
RUN xx-cargo build --release --bin app
RUN built=/build/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /build/release && cp $built/app /build/release/

FROM debian:bookworm-slim
COPY --from=build /build/release/app /app
CMD ["/app"]
