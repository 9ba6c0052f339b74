#!/bin/sh
set -e
gcc -O2 -o hello hello.c
