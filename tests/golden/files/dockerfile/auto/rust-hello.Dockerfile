FROM --platform=$BUILDPLATFORM rust:1.63 AS builder
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /usr/src/hello
COPY . .
RUN xx-cargo build --release
RUN built=/usr/src/hello/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/hello && mkdir -p /usr/src/hello/target/release && cp $built/hello /usr/src/hello/target/release/

FROM debian:bookworm-slim
COPY --from=builder /usr/src/hello/target/release/hello /usr/local/bin/hello
CMD ["hello"]
