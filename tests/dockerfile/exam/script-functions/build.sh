#!/bin/sh
set -eu

log() { echo "build: $*" >&2; }

compile() {
    log "compiling $1"
    CGO_ENABLED=0 go build -trimpath -o "bin/$1" .
}

mkdir -p bin
compile app
log done
