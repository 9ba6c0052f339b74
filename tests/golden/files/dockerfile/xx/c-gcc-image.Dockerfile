FROM --platform=$BUILDPLATFORM gcc:12 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . /usr/src/hello
WORKDIR /usr/src/hello
RUN xx-clang -O2 -static -o hello hello.c && xx-verify --static hello

FROM scratch
COPY --from=build /usr/src/hello/hello /
CMD ["/hello"]
