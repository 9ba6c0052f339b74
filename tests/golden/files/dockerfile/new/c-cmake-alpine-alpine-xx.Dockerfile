# xxpy: begin new language=c system=cmake base=alpine runtime=alpine mode=xx name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache clang cmake lld llvm ninja tzdata
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
COPY . .
RUN cmake -S . -B /build -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
      $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) && \
    cmake --build /build && \
    DESTDIR=/out cmake --install /build && \
    xx-verify /out/usr/bin/app

FROM alpine:3.22
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
