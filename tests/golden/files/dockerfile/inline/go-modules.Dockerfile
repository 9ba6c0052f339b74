# The service, as a static program in an empty image.
ARG GO_VERSION=1.26
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
ARG VERSION=dev
WORKDIR /src

# Modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download

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
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    . /xxpy-target && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/app .

FROM scratch
COPY --from=build /out/app /app
USER 65532:65532
ENTRYPOINT ["/app"]
