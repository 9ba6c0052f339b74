FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY --from=xx / /
RUN apt-get update && \
    apt-get install -y g++ clang lld llvm && \
    apt-get clean && rm -rf /var/lib/apt/lists/*
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY hello.cc .
RUN xx-clang++ -std=c++17 -O2 -static -o hello hello.cc && xx-verify --static hello

FROM scratch
COPY --from=build /hello /hello
ENTRYPOINT ["/hello"]
