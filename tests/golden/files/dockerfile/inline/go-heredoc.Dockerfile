FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
# xxpy: begin inline linux/amd64 linux/arm64 linux/arm/v7
RUN <<"END"
case $TARGETPLATFORM in
  linux/amd64) echo 'export GOOS=linux GOARCH=amd64' ;;
  linux/arm64) echo 'export GOOS=linux GOARCH=arm64' ;;
  linux/arm/v7) echo 'export GOOS=linux GOARCH=arm GOARM=7' ;;
  *) echo "no names for $TARGETPLATFORM" >&2; exit 1 ;;
esac >/xxpy-target
END
# xxpy: end
RUN <<EOF
. /xxpy-target
set -e
# The version is what the file says.
version=1.2.3
export CGO_ENABLED=0
go build -ldflags "-X main.version=$version" -o /out/app .
EOF

FROM scratch
COPY --from=build /out/ /
COPY <<config.toml /etc/app/
listen = ":8080"
config.toml
CMD ["/app"]
