#!/bin/sh
set -eu
if [ "$1" = app ]; then
    echo "starting on $(uname -m)" >&2
fi
exec "$@"
