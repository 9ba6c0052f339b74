# xxpy: begin new language=c system=cmake base=alpine runtime=scratch mode=vendored name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache ca-certificates clang cmake lld llvm ninja tzdata
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
COPY . .
RUN cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
      $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) \
      -DCMAKE_EXE_LINKER_FLAGS=-static && \
    cmake --build /build && \
    DESTDIR=/out cmake --install /build && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
