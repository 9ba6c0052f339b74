#!/bin/sh
set -eu
cat >version.go <<EOF
package main

func init() { version = "$(date +%Y)" }
EOF
gofmt -l .
