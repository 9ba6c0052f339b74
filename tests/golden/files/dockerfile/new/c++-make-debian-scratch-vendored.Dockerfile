# xxpy: begin new language=c++ system=make base=debian runtime=scratch mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm make
COPY xx/ /
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ LDFLAGS=-static && \
    make install CC=xx-clang CXX=xx-clang++ DESTDIR=/out PREFIX=/usr && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
