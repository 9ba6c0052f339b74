FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials zlib1g-dev
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ PKG_CONFIG=$(xx-clang --print-target-triple)-pkg-config -j"$(nproc)" && make CC=xx-clang CXX=xx-clang++ PKG_CONFIG=$(xx-clang --print-target-triple)-pkg-config install DESTDIR=/out PREFIX=/usr
# The programs that leave this stage are for the target.
RUN find -H /out -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm
COPY --from=build /out /
CMD ["hello"]
