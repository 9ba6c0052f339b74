# xxpy: begin new language=c++ system=meson base=alpine runtime=alpine mode=xx name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache clang lld llvm meson ninja pkgconf tzdata
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
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

FROM alpine:3.22
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
