# escape=`
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN export CGO_ENABLED=0 && `
    # a comment between
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build `
      -o /out/app `
      .

FROM scratch
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
