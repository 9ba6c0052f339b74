FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /go/src/app
ADD . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /go/bin/ ./cmd/app

FROM gcr.io/distroless/static-debian12
COPY --from=build /go/bin/app /
CMD ["/app"]
