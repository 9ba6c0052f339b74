FROM --platform=$BUILDPLATFORM debian:bookworm AS builder
COPY xx/ /
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq && \
    apt-get install -qq -y --no-install-recommends \
      clang lld llvm make \
      # fetches nothing yet
      ca-certificates && \
    rm -rf /var/lib/apt/lists/*
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /build
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ -j"$(nproc)" && make CC=xx-clang CXX=xx-clang++ install DESTDIR=/out PREFIX=/usr

FROM scratch
COPY --from=builder /out/ /
CMD ["/usr/bin/hello"]
