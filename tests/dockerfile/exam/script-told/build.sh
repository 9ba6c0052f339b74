#!/bin/sh
set -eu
export GOOS=$1 GOARCH=$2 CGO_ENABLED=0
go build -o app .
