FROM --platform=$BUILDPLATFORM rust:1.63 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
WORKDIR /src
COPY . .
RUN cargo test --release
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
RUN xx-cargo build --release && mkdir -p /out && find target/$(xx-cargo --print-target-triple)/release -maxdepth 1 -type f -perm -111 -exec cp {} /out/ \;
# The programs that leave this stage are for the target.
RUN find -H /out/ -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /out/ /usr/local/bin/
CMD ["app"]
