# A library in Go that C loads, as extensions of databases are built.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y gcc libc6-dev clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN mkdir -p dist && \
    CGO_ENABLED=1 xx-go build -buildmode=c-archive -o dist/greet.a . && \
    xx-clang -O2 -fPIC -Idist -o dist/hello c/hello.c dist/greet.a -lpthread && xx-verify dist/hello

FROM debian:bookworm-slim
COPY --from=build /src/dist/hello /bin/hello
CMD ["/bin/hello"]
