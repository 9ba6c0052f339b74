#!/bin/sh
set -eu
case "$1" in
    release) flags=-O2 ;;
    debug) flags=-g ;;
    test) ./out/hello; exit ;;
esac
make -C src CFLAGS="$flags"
mkdir -p out && cp src/hello out/
