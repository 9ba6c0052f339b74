FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install --yes --no-install-recommends \
    cmake \
    clang lld llvm \
    ninja-build
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials zlib1g-dev
WORKDIR /src
COPY CMakeLists.txt hello.c ./
RUN cmake $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) \
      -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
 && cmake --build build \
 && cmake --install build --prefix /out

FROM debian:bookworm-slim
COPY --from=build /out/bin/hello /usr/bin/
CMD ["hello"]
