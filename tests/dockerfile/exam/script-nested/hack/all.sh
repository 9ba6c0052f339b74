#!/bin/sh
set -eu
./hack/build.sh app
./hack/list.sh
