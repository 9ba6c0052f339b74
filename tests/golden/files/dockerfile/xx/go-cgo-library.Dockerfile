FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS builder
COPY --from=xx / /

RUN apt-get update \
 && apt-get install -y --no-install-recommends pkg-config clang lld llvm \
 && rm -rf /var/lib/apt/lists/*

ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials zlib1g-dev
WORKDIR /build
COPY go.mod main.go ./
RUN CGO_ENABLED=1 xx-go build -ldflags="-s -w" -o app . && xx-verify app

FROM debian:bookworm-slim
COPY --from=builder /build/app /app
COPY --from=builder /etc/ssl/certs /etc/ssl/certs
ENTRYPOINT ["/app"]
