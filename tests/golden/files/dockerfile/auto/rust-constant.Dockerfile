FROM --platform=$BUILDPLATFORM rust:1.95 AS build
COPY --from=xx / /
ENV XX_LIBC=musl
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN rustup target add $(xx-cargo --print-target-triple)
WORKDIR /src
COPY . .
RUN xx-cargo build --release
RUN built=/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /src/target/release && cp $built/app /src/target/release/

FROM scratch
COPY --from=build /src/target/release/app /app
ENTRYPOINT ["/app"]
