# xxpy: begin snippet meson-cross
ARG TARGETPLATFORM
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
# xxpy: end
