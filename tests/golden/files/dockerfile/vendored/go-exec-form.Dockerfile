FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
ENV CGO_ENABLED=0
COPY ["go.mod", "main.go", "/src/"]
WORKDIR /src
ARG TARGETPLATFORM
RUN ["xx-go", "build", "-o", "/out/app", "."]

FROM scratch
COPY --from=build ["/out/app", "/app"]
ENTRYPOINT ["/app"]
