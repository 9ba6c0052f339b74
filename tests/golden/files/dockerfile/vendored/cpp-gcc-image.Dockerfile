FROM --platform=$BUILDPLATFORM gcc:12 AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN xx-clang++ -O2 -std=c++20 -o hello hello.cc && xx-verify hello
RUN apt-get update && apt-get install -y --no-install-recommends file && file hello

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/hello
CMD ["hello"]
