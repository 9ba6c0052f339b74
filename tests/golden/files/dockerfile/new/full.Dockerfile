# xxpy: begin new language=go system=cgo base=debian runtime=debian mode=xx name=server package=./cmd/server layer=no zones=no 'health=health --url '"'"'a b'"'"'' 'ports=8080 53/udp'
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates clang lld llvm
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 xx-go build -trimpath -ldflags='-s -w' \
      -o /out/usr/bin/server ./cmd/server && \
    xx-verify /out/usr/bin/server

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/ /
EXPOSE 8080
EXPOSE 53/udp
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s CMD ["/usr/bin/server", "health", "--url", "a b"]
ENTRYPOINT ["/usr/bin/server"]
# xxpy: end
