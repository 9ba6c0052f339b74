FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS base
COPY xx/ /
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
RUN xx-go build -o /out/app . && xx-verify --static /out/app

FROM gcr.io/distroless/static-debian12:nonroot AS release
COPY --from=build /out/app /usr/bin/app
ENTRYPOINT ["/usr/bin/app"]
