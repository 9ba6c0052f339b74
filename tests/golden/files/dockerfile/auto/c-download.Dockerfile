# note, line 6: left as it is: configure: whether this configure is one of Autoconf is not known: it is not beside the Dockerfile; pass --host=$(xx-clang --print-target-triple) CC=xx-clang yourself
FROM debian:bookworm AS build
ARG VERSION=1.3.1
RUN apt-get update && apt-get install -y --no-install-recommends build-essential ca-certificates curl
WORKDIR /src
RUN curl -fsSL https://example.com/hello-${VERSION}.tar.gz | tar xz --strip-components=1
RUN ./configure --prefix=/usr && make && make install DESTDIR=/out

FROM debian:bookworm-slim
COPY --from=build /out/usr/bin/hello /usr/bin/
CMD ["hello"]
