FROM --platform=$BUILDPLATFORM debian:bookworm AS builder
COPY --from=xx / /
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq && \
    apt-get install -qq -y --no-install-recommends \
      build-essential \
      # fetches nothing yet
      ca-certificates clang lld llvm && \
    rm -rf /var/lib/apt/lists/*
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /build
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ -j"$(nproc)" && make CC=xx-clang CXX=xx-clang++ install DESTDIR=/out PREFIX=/usr
# The programs that leave this stage are for the target.
RUN find -H /out/ -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=builder /out/ /
CMD ["/usr/bin/hello"]
