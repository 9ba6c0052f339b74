FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
ARG TARGETOS TARGETARCH
ENV GO111MODULE=on CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH
COPY . .
RUN go build -a -installsuffix cgo -o app .

FROM scratch
COPY --from=build /src/app .
CMD ["/app"]
