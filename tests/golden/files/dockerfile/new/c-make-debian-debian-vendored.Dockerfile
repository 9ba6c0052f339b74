# xxpy: begin new language=c system=make base=debian runtime=debian mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates clang lld llvm make tzdata
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ && \
    make install CC=xx-clang CXX=xx-clang++ DESTDIR=/out PREFIX=/usr && \
    xx-verify /out/usr/bin/app

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
