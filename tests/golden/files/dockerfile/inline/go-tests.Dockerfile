FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS base
WORKDIR /src
ENV CGO_ENABLED=0
COPY go.mod ./
RUN go mod download
COPY . .

FROM base AS vet
RUN go vet ./...

FROM base AS unit-test
RUN go test -v ./... | tee /test.log

FROM base AS build
# The tests must have passed.
COPY --from=unit-test /test.log /test.log
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
RUN . /xxpy-target && go build -o /out/app .

FROM gcr.io/distroless/static-debian12:nonroot AS release
COPY --from=build /out/app /usr/bin/app
ENTRYPOINT ["/usr/bin/app"]
