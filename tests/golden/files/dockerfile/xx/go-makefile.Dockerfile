FROM --platform=$BUILDPLATFORM golang:1.26 as builder
COPY --from=xx / /
COPY . /go/src/app
WORKDIR /go/src/app
ARG TARGETPLATFORM
RUN xx-go --wrap && make build

FROM scratch
COPY --from=builder /go/src/app/bin/app /app
CMD ["/app"]
