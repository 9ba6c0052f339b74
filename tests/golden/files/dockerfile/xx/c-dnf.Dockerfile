FROM --platform=$BUILDPLATFORM fedora:42 AS build
COPY --from=xx / /
RUN dnf -y install gcc make clang lld llvm && dnf clean all
ARG TARGETPLATFORM
RUN xx-dnf install -y xx-c-essentials xx-cxx-essentials zlib-devel
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++
# The programs that leave this stage are for the target.
RUN find -H /src/hello -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM fedora:42
COPY --from=build /src/hello /usr/bin/hello
CMD ["hello"]
