FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y gcc libc6-dev clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
COPY hello.c /src/
RUN xx-clang -O2 -Wall -o /usr/local/bin/hello /src/hello.c && xx-verify /usr/local/bin/hello

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/hello /usr/local/bin/hello
CMD ["hello"]
