# An image with a shell and Go, of each platform that it is built for.
FROM busybox-$TARGETARCH AS busybox
FROM go-$TARGETARCH AS go

FROM scratch
COPY --from=busybox /bin/ /bin/
RUN ["/bin/busybox", "mkdir", "-p", "/usr/bin", "/usr/sbin", "/sbin"]
RUN ["/bin/busybox", "--install", "-s"]
RUN mkdir -p /etc /root /go/bin /tmp && chmod 1777 /tmp && echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd
COPY --from=go / /usr/local/go/
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin GOPATH=/go GOTOOLCHAIN=local
