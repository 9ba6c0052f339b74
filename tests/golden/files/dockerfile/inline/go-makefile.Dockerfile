# note, line 1: cgo is off when Go compiles for another platform; if the program has C in it: --mode xx
FROM --platform=$BUILDPLATFORM golang:1.26 as builder
COPY . /go/src/app
WORKDIR /go/src/app
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
RUN . /xxpy-target && make build

FROM scratch
COPY --from=builder /go/src/app/bin/app /app
CMD ["/app"]
