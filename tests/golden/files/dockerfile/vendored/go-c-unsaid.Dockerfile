FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y gcc libc6-dev clang lld llvm && rm -rf /var/lib/apt/lists/*
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN CGO_ENABLED=1 xx-go build -o /app . && xx-verify /app

FROM debian:bookworm-slim
COPY --from=build /app /app
CMD ["/app"]
