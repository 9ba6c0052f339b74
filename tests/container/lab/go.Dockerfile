# An image with a shell and Go, of each platform that it is built for.
FROM busybox-$TARGETARCH AS busybox
FROM go-$TARGETARCH AS go

FROM scratch
COPY --from=busybox /bin/ /bin/
RUN ["/bin/busybox", "mkdir", "-p", "/usr/bin", "/usr/sbin", "/sbin"]
RUN ["/bin/busybox", "--install", "-s"]
COPY --from=go / /usr/local/go/
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin GOTOOLCHAIN=local
