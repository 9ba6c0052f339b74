#!/bin/sh
set -eu
autoreconf --install --force
