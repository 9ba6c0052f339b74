FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y autoconf automake clang lld llvm make
WORKDIR /usr/src/hello
COPY . .
RUN autoreconf --install
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
RUN ./configure --host=$(xx-clang --print-target-triple) CC=xx-clang CXX=xx-clang++ --prefix=/usr/local --disable-dependency-tracking && make && make DESTDIR=/stage install

FROM debian:bookworm-slim
COPY --from=build /stage/usr/local /usr/local
CMD ["hello"]
