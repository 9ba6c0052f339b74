# note, line 6: left as it is: zig: it compiles for the machine that it runs on; write FROM --platform=$BUILDPLATFORM, and pass zig build a -Dtarget= that TARGETARCH chooses
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl xz-utils
RUN curl -fsSL https://ziglang.org/download/0.13.0/zig-linux-$(uname -m)-0.13.0.tar.xz | tar -xJ -C /opt && ln -s /opt/zig-*/zig /usr/local/bin/zig
WORKDIR /src
COPY . .
RUN zig build -Doptimize=ReleaseSafe

FROM scratch
COPY --from=build /src/zig-out/bin/app /app
