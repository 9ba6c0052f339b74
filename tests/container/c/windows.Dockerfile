# Programs for Windows by clang and mingw-w64: C, C++, a DLL with its import library, resources, cgo.
ARG BASE
ARG GO
FROM --platform=$BUILDPLATFORM $GO AS go
FROM --platform=$BUILDPLATFORM $BASE AS build
COPY --from=xx / /
ARG TARGETPLATFORM
RUN apt-get -q update && apt-get -q install -y --no-install-recommends clang lld llvm g++-mingw-w64-x86-64-win32 g++-mingw-w64-i686-win32
WORKDIR /src
COPY . .
RUN set -e; mkdir /out; \
    xx-windres resource.rc resource.o; \
    xx-clang hello.c resource.o -o /out/c.exe; \
    xx-clang++ -static hello.cc -o /out/c++.exe; \
    xx-clang -shared twice.c -Wl,--out-implib,libtwice.dll.a -o /out/twice.dll; \
    xx-clang user.c libtwice.dll.a -o /out/user.exe; \
    xx-verify /out/*; llvm-readobj --coff-resources /out/c.exe >/out/resources
RUN --mount=from=go,source=/usr/local/go,target=/usr/local/go \
    cd cgo && PATH=$PATH:/usr/local/go/bin CGO_ENABLED=1 xx-go build -o /out/cgo.exe . && xx-verify /out/cgo.exe
FROM scratch
COPY --from=build /out /
