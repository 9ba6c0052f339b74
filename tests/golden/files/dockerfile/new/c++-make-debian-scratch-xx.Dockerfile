# xxpy: begin new language=c++ system=make base=debian runtime=scratch mode=xx name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates clang lld llvm make tzdata
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ LDFLAGS=-static && \
    make install CC=xx-clang CXX=xx-clang++ DESTDIR=/out PREFIX=/usr && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
