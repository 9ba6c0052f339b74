#!/bin/sh
set -eu
CC=${CC:-cc}
CFLAGS="-O2 -Wall"

$CC $CFLAGS -o hello hello.c
