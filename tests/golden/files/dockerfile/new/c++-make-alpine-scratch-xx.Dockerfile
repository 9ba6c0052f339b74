# xxpy: begin new language=c++ system=make base=alpine runtime=scratch mode=xx name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache clang lld llvm make
COPY --from=xx / /
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
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
