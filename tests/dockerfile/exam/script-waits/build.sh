#!/usr/bin/env bash
set -euo pipefail

flags=()
while [[ $# -gt 0 ]]; do
    case $1 in
        --release) flags+=(-trimpath -ldflags "-s -w") ;;
        *) echo "unknown option $1" >&2; exit 2 ;;
    esac
    shift
done

CGO_ENABLED=0 go build "${flags[@]}" -o app .
