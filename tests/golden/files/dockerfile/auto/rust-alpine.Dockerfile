FROM --platform=$BUILDPLATFORM rust:1.63-alpine AS build
COPY --from=xx / /
RUN apk add --no-cache musl-dev clang lld llvm
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
WORKDIR /src
COPY . .
RUN xx-cargo build --release
RUN built=/src/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /src/target/release && cp $built/app /src/target/release/

FROM alpine:3.20
COPY --from=build /src/target/release/app /usr/local/bin/app
CMD ["app"]
