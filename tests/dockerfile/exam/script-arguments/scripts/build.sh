#!/bin/sh
set -eu
version=$1
out=$2
CGO_ENABLED=0 go build -ldflags "-X main.version=$version" -o "$out" .
