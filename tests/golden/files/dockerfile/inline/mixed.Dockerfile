# note, line 11: left as it is: mode inline is for Go without C; --mode xx does this
# An agent in Go and its helper in C, in one image.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm
WORKDIR /agent
COPY agent .
ARG TARGETPLATFORM
# xxpy: begin inline linux/amd64 linux/arm64 linux/arm/v7
RUN <<"END"
case $TARGETPLATFORM in
  linux/amd64) echo 'export GOOS=linux GOARCH=amd64' ;;
  linux/arm64) echo 'export GOOS=linux GOARCH=arm64' ;;
  linux/arm/v7) echo 'export GOOS=linux GOARCH=arm GOARM=7' ;;
  *) echo "no names for $TARGETPLATFORM" >&2; exit 1 ;;
esac >/xxpy-target
END
# xxpy: end
RUN . /xxpy-target && CGO_ENABLED=0 go build -o agent .

FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /helper
COPY helper .
RUN gcc -Os -o helper helper.c && strip helper

FROM debian:bookworm-slim
COPY --from=0 /agent/agent /usr/bin/agent
COPY --from=1 /helper/helper /usr/libexec/helper
CMD ["agent"]
