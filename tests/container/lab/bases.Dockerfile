# Stand-ins for the base images that people name, for this machine alone: a compiler of another platform cannot run, because there is none.
# A foreign program that is started all the same, by way of QEMU, prints its system calls into the log of the build.
# As in Docker's own image of Debian, dpkg does not wait for the disk. clang is large and every conversion of C installs it, so it is here.
FROM whole-debian AS debian
RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/docker-apt-speedup && \
    apt-get update && apt-get install -y --no-install-recommends clang lld llvm && rm -rf /var/lib/apt/lists/*
ENV QEMU_STRACE=1

FROM debian AS gcc
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates g++ gcc git libc6-dev make pkg-config && rm -rf /var/lib/apt/lists/*

FROM gcc AS golang
COPY --from=go / /usr/local/go/
ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin GOPATH=/go GOTOOLCHAIN=local
WORKDIR /go

FROM gcc AS rust
RUN apt-get update && apt-get install -y --no-install-recommends cargo rustc && rm -rf /var/lib/apt/lists/*
ENV PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin CARGO_HOME=/usr/local/cargo

FROM scratch AS alpine
COPY --from=busybox /bin/ /bin/
RUN ["/bin/busybox", "mkdir", "-p", "/usr/bin", "/usr/sbin", "/sbin"]
RUN ["/bin/busybox", "--install", "-s"]
RUN mkdir -p /etc /root /tmp && chmod 1777 /tmp && echo 'root:x:0:0::/root:/bin/sh' >/etc/passwd && \
    printf 'ID=alpine\nVERSION_ID=3.20.3\n' >/etc/os-release
ENV QEMU_STRACE=1

FROM alpine AS golang-alpine
COPY --from=go / /usr/local/go/
ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin GOPATH=/go GOTOOLCHAIN=local
WORKDIR /go
