# What a program that is linked with Debian's C library needs to run, of each platform that it is built for.
FROM root-$TARGETARCH AS root

FROM scratch
COPY --from=root / /
ENV PATH=/usr/local/bin:/usr/bin:/bin
