# xxpy: begin new language=c system=autotools base=debian runtime=distroless mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends autoconf automake clang lld llvm make
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN autoreconf --install && \
    ./configure --host=$(xx-clang --print-target-triple) --prefix=/usr CC=xx-clang CXX=xx-clang++ && \
    make && \
    make install DESTDIR=/out && \
    xx-verify /out/usr/bin/app

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
