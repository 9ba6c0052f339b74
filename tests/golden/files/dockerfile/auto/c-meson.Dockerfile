FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY --from=xx / /
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev meson ninja-build pkg-config clang lld llvm \
    && apt-get clean
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials zlib1g-dev
COPY . /src
WORKDIR /src
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
RUN meson setup --cross-file /meson-cross.ini build --prefix=/usr --buildtype=release
RUN ninja -C build
RUN DESTDIR=/out ninja -C build install
# The programs that leave this stage are for the target.
RUN find -H /out -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /out /
CMD ["/usr/bin/hello"]
