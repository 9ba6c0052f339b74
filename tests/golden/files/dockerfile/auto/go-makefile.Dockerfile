# note, line 1: cgo is off when Go compiles for another platform; if the program has C in it: --mode xx
FROM --platform=$BUILDPLATFORM golang:1.26 as builder
COPY . /go/src/app
WORKDIR /go/src/app
ARG TARGETOS TARGETARCH
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH make build

FROM scratch
COPY --from=builder /go/src/app/bin/app /app
CMD ["/app"]
