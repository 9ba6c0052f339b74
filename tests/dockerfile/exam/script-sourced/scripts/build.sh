#!/bin/sh
set -e
. ./scripts/settings.sh

go build -o "$OUTPUT" .
