# xxpy: begin new language=go system=cgo base=alpine runtime=alpine mode=vendored name=app
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
RUN apk add --no-cache clang lld llvm tzdata
COPY xx/ /
WORKDIR /src
COPY go.mod go.su[m] ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 xx-go build -trimpath -ldflags='-s -w' \
      -o /out/usr/bin/app . && \
    xx-verify /out/usr/bin/app

FROM alpine:3.22
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
