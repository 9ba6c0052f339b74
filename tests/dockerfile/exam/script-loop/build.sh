#!/bin/sh
set -eu
for dir in ./cmd/*; do
    CGO_ENABLED=0 go build -o "/out/$(basename "$dir")" "$dir"
done
