FROM --platform=$BUILDPLATFORM rust:1.63 AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /usr/src/app
COPY . .
RUN xx-cargo build --release --bin app \
    && $(xx-clang --print-target-triple)-strip /usr/src/app/target/$(xx-cargo --print-target-triple)/release/app
RUN built=/usr/src/app/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /usr/src/app/target/release && cp $built/app /usr/src/app/target/release/

FROM debian:bookworm-slim
COPY --from=build /usr/src/app/target/release/app /usr/local/bin/app
CMD ["app"]
