#!/bin/sh
# Build every program of the project.
set -eu

out=${1:-bin}
. ./scripts/version.sh
export CGO_ENABLED=0

build() {
    echo "building $1" >&2
    go build -trimpath -ldflags "-X main.version=$VERSION" -o "$out/$1" "$2"
}

mkdir -p "$out"
build app .
build tool ./cmd/tool
