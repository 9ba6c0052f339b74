#!/bin/sh
set -eu
./configure --prefix=/usr
make
make install DESTDIR=/out
