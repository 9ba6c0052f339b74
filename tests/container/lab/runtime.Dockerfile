# A base image of several platforms: whole for this machine, without any program for the others.
FROM root-$TARGETARCH AS root

FROM scratch
COPY --from=root / /
ENV QEMU_STRACE=1
