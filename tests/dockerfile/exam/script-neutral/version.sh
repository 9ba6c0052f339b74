#!/bin/sh
set -e
printf 'package main\n\nconst version = "%s"\n' "$(head -n 1 VERSION)"
