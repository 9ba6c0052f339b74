# A program that links a library of its own, which make builds.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ -C clib install
RUN CGO_ENABLED=1 xx-go build -o /out/app . && xx-verify /out/app
# The programs that leave this stage are for the target.
RUN find -H /usr/local/lib/libgreet.so -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm
COPY --from=build /usr/local/lib/libgreet.so /usr/local/lib/
COPY --from=build /out/app /app
ENV LD_LIBRARY_PATH=/usr/local/lib
CMD ["/app"]
