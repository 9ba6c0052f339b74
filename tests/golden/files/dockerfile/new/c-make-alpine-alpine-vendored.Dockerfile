# xxpy: begin new language=c system=make base=alpine runtime=alpine mode=vendored name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache clang lld llvm make tzdata
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ && \
    make install CC=xx-clang CXX=xx-clang++ DESTDIR=/out PREFIX=/usr && \
    xx-verify /out/usr/bin/app

FROM alpine:3.22
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
