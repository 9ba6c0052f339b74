# xxpy: begin snippet cmake
ARG TARGETPLATFORM
RUN cmake -S . -B /build -DCMAKE_BUILD_TYPE=Release $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) && \
    cmake --build /build && \
    DESTDIR=/out cmake --install /build
# xxpy: end
