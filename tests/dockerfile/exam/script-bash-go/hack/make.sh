#!/usr/bin/env bash
set -euo pipefail

case "${1:-binary}" in
    binary)
        mkdir -p bundles
        CGO_ENABLED=0 GOFLAGS=-mod=mod go build -o bundles/app .
        ;;
    test)
        go test ./...
        ;;
esac
