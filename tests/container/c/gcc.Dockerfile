# The same by Debian's GCC for each platform. Its libraries are in /usr/TRIPLE.
ARG BASE
ARG GO
FROM --platform=$BUILDPLATFORM $GO AS go
FROM --platform=$BUILDPLATFORM $BASE AS build
COPY --from=xx / /
ARG TARGETPLATFORM
RUN apt-get -q update && apt-get -q install -y --no-install-recommends "g++-$(xx-info triple)"
WORKDIR /src
COPY . .
RUN set -e; mkdir /out; triple=$(xx-info triple); \
    "$triple-gcc" hello.c -o /out/c; "$triple-gcc" -static hello.c -o /out/c-static; \
    "$triple-g++" hello.cc -o /out/c++; "$triple-g++" -static hello.cc -o /out/c++-static; xx-verify /out/*
RUN --mount=from=go,source=/usr/local/go,target=/usr/local/go \
    cd cgo && PATH=$PATH:/usr/local/go/bin CGO_ENABLED=1 xx-go build -o /out/cgo . && xx-verify /out/cgo
RUN export QEMU_LD_PREFIX="/usr/$(xx-info triple)"; \
    for program in c c-static c++ c++-static cgo; do echo "$program: $(/out/$program)"; done >/out/said
FROM scratch
COPY --from=build /out /
