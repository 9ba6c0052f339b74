#!/bin/sh
set -eu
ls -l _output
