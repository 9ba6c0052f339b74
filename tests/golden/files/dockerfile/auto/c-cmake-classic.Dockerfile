FROM --platform=$BUILDPLATFORM debian:bookworm
COPY --from=xx / /

RUN apt-get update && apt-get install -y clang lld llvm make cmake

ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ADD . /code
RUN mkdir /code/build && cd /code/build && cmake $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) \
      .. && make && make install

FROM debian:bookworm-slim
COPY --from=0 /usr/local/bin/hello /bin/hello
ENTRYPOINT ["/bin/hello"]
