# An agent in Go and its helper in C, in one image.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm
COPY --from=xx / /
WORKDIR /agent
COPY agent .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o agent . && xx-verify --static agent

FROM --platform=$BUILDPLATFORM debian:bookworm
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
WORKDIR /helper
COPY helper .
RUN xx-clang -Os -o helper helper.c && xx-verify helper && $(xx-clang --print-target-triple)-strip helper

FROM debian:bookworm-slim
COPY --from=0 /agent/agent /usr/bin/agent
COPY --from=1 /helper/helper /usr/libexec/helper
CMD ["agent"]
