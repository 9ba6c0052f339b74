GO ?= go
Q := @
PREFIX ?= /usr/local
export CGO_ENABLED = 0
