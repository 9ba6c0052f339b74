# xxpy: begin new language=c system=autotools base=debian runtime=scratch mode=xx name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends autoconf automake ca-certificates clang lld llvm make tzdata
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN autoreconf --install && \
    ./configure --host=$(xx-clang --print-target-triple) --prefix=/usr CC=xx-clang CXX=xx-clang++ LDFLAGS=-static && \
    make && \
    make install DESTDIR=/out && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
