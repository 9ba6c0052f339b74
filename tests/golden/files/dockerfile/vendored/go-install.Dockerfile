FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /go/src/app
ADD . .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /go/bin/ ./cmd/app

FROM gcr.io/distroless/static-debian12
COPY --from=build /go/bin/app /
CMD ["/app"]
