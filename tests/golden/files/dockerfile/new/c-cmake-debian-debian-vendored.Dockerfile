# xxpy: begin new language=c system=cmake base=debian runtime=debian mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates clang cmake lld llvm ninja-build tzdata
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
      $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) && \
    cmake --build /build && \
    DESTDIR=/out cmake --install /build && \
    xx-verify /out/usr/bin/app

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
