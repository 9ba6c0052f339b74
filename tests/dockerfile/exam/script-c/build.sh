#!/bin/sh
set -eu
gcc -O2 -o hello hello.c
