# note, line 11: left as it is: mode args is for Go without C; --mode xx does this
# An agent in Go and its helper in C, in one image.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm
WORKDIR /agent
COPY agent .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o agent .

FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /helper
COPY helper .
RUN gcc -Os -o helper helper.c && strip helper

FROM debian:bookworm-slim
COPY --from=0 /agent/agent /usr/bin/agent
COPY --from=1 /helper/helper /usr/libexec/helper
CMD ["agent"]
