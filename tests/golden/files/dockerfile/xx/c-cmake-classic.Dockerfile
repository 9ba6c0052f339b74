FROM --platform=$BUILDPLATFORM debian:bookworm
COPY --from=xx / /

RUN apt-get update && apt-get install -y build-essential cmake clang lld llvm

ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ADD . /code
RUN mkdir /code/build && cd /code/build && cmake $(xx-clang --print-cmake-defines) \
      -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system) -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor) \
      .. && make && make install
# The programs that leave this stage are for the target.
RUN find -H /usr/local/bin/hello -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=0 /usr/local/bin/hello /bin/hello
ENTRYPOINT ["/bin/hello"]
