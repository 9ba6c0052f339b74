FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ENV CGO_ENABLED 0
ARG TARGETOS TARGETARCH
RUN set -eux; \
    mkdir -p /out; \
    for command in server worker; do \
      GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o "/out/$command" "./cmd/$command"; \
    done; \
    ls -l /out

FROM scratch AS server
COPY --from=build /out/server /server
ENTRYPOINT ["/server"]

FROM scratch AS worker
COPY --from=build /out/worker /worker
ENTRYPOINT ["/worker"]

FROM scratch
COPY --from=server /server /bin/
COPY --from=worker /worker /bin/
