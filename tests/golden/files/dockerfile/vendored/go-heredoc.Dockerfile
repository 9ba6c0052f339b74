FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN <<EOF
set -e
# The version is what the file says.
version=1.2.3
export CGO_ENABLED=0
xx-go build -ldflags "-X main.version=$version" -o /out/app . && xx-verify --static /out/app
EOF

FROM scratch
COPY --from=build /out/ /
COPY <<config.toml /etc/app/
listen = ":8080"
config.toml
CMD ["/app"]
