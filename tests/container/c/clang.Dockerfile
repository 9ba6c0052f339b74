# C, C++, a shared library with its user, and cgo: by clang for every platform of the build, run where they were compiled.
ARG BASE
ARG GO
FROM --platform=$BUILDPLATFORM $GO AS go
FROM --platform=$BUILDPLATFORM $BASE AS tools
RUN apt-get -q update && apt-get -q install -y --no-install-recommends clang lld llvm

FROM tools AS build
COPY --from=xx / /
ARG GCC
ARG TARGETPLATFORM
RUN arch=$(xx-info debian-arch) && dpkg --add-architecture "$arch" && apt-get -q update && \
    apt-get -q install -y --no-install-recommends "libc6-dev:$arch" "libgcc-$GCC-dev:$arch" "libstdc++-$GCC-dev:$arch" && \
    if ! xx-clang --setup-target-triple; then apt-get -q install -y --no-install-recommends "binutils-$(xx-info triple)"; fi
WORKDIR /src
COPY . .
RUN set -e; mkdir /out; \
    xx-clang hello.c -o /out/c; xx-clang -static hello.c -o /out/c-static; \
    xx-clang++ hello.cc -o /out/c++; xx-clang++ -static hello.cc -o /out/c++-static; \
    xx-clang -shared -fPIC -Wl,-soname,libtwice.so twice.c -o /out/libtwice.so; \
    xx-clang user.c -L/out -ltwice '-Wl,-rpath,$ORIGIN' -o /out/user; \
    xx-clang -c twice.c -o twice.o; "$(xx-info triple)-ar" crs libtwice.a twice.o; xx-clang user.c libtwice.a -o /out/user-static; \
    xx-verify /out/*; xx-verify --static /out/c-static /out/c++-static
RUN --mount=from=go,source=/usr/local/go,target=/usr/local/go \
    cd cgo && PATH=$PATH:/usr/local/go/bin CGO_ENABLED=1 xx-go build -o /out/cgo . && xx-verify /out/cgo
RUN for program in c c-static c++ c++-static user user-static cgo; do echo "$program: $(/out/$program)"; done >/out/said && \
    cat /usr/bin/"$(xx-info triple)".cfg >/out/config
FROM scratch
COPY --from=build /out /
