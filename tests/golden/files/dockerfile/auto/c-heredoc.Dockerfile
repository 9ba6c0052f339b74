FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY --from=xx / /
RUN <<EOF
apt-get update
apt-get install -y --no-install-recommends gcc libc6-dev clang lld llvm
rm -rf /var/lib/apt/lists/*
EOF
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
COPY <<"EOF" /hello.c
#include <stdio.h>
int main(void) { puts("hello $USER"); return 0; }
EOF
RUN xx-clang -static /hello.c -o /hello && xx-verify --static /hello

FROM scratch
COPY --from=build /hello /
CMD ["/hello"]
