# xxpy: begin new language=c++ system=meson base=debian runtime=distroless mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm meson ninja-build pkg-config
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
RUN <<"END"
triple=$(xx-clang --print-target-triple) || exit
cat >/meson-cross.ini <<INI
[binaries]
c = '$triple-clang'
cpp = '$triple-clang++'
ar = '$triple-ar'
strip = '$triple-strip'
pkgconfig = '$triple-pkg-config'

[host_machine]
system = '$(xx-info meson-system)'
cpu_family = '$(xx-info meson-cpu-family)'
cpu = '$(xx-info meson-cpu)'
endian = '$(xx-info byte-order)'
INI
END
COPY . .
RUN meson setup --cross-file /meson-cross.ini --prefix=/usr --buildtype=release /build && \
    ninja -C /build && \
    DESTDIR=/out ninja -C /build install && \
    xx-verify /out/usr/bin/app

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
