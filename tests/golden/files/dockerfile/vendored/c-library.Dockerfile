# Uses zlib of the distribution.
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get -y install gcc pkg-config libc6-dev clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials zlib1g-dev
WORKDIR /src
COPY hello.c .
RUN xx-clang -O2 $($(xx-clang --print-target-triple)-pkg-config --cflags zlib) hello.c -o hello $($(xx-clang --print-target-triple)-pkg-config --libs zlib) && xx-verify hello
RUN $(xx-clang --print-target-triple)-strip hello

FROM debian:bookworm-slim
COPY --from=build /src/hello /bin/hello
CMD ["/bin/hello"]
