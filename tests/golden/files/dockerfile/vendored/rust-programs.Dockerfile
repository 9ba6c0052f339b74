FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN xx-cargo build --release --locked
RUN $(xx-clang --print-target-triple)-strip target/$(xx-cargo --print-target-triple)/release/server target/$(xx-cargo --print-target-triple)/release/worker
RUN built=/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/server $built/worker && mkdir -p /src/target/release && cp $built/server $built/worker /src/target/release/

FROM debian:bookworm-slim
COPY --from=build /src/target/release/server /src/target/release/worker /usr/local/bin/
CMD ["server"]
