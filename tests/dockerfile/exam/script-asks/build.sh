#!/bin/sh
set -eu
case "$(uname -m)" in
    x86_64) export GOARCH=amd64 ;;
    aarch64) export GOARCH=arm64 ;;
esac
CGO_ENABLED=0 go build -o app .
