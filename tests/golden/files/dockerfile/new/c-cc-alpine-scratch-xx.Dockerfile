# xxpy: begin new language=c system=cc base=alpine runtime=scratch mode=xx name=app
FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
RUN apk add --no-cache ca-certificates clang lld llvm tzdata
COPY --from=xx / /
WORKDIR /src
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
COPY . .
RUN mkdir -p /out/usr/bin && \
    xx-clang -O2 -static -o /out/usr/bin/app *.c && \
    xx-verify --static /out/usr/bin/app

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
