FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ENV CGO_ENABLED=0
COPY ["go.mod", "main.go", "/src/"]
WORKDIR /src
ARG TARGETOS TARGETARCH
ENV GOOS=$TARGETOS GOARCH=$TARGETARCH
RUN ["go", "build", "-o", "/out/app", "."]

FROM scratch
COPY --from=build ["/out/app", "/app"]
ENTRYPOINT ["/app"]
