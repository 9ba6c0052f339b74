FROM --platform=$BUILDPLATFORM rust:1.63 AS base
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
WORKDIR /work
COPY . .

FROM base AS test
RUN cargo test --workspace --locked

FROM base AS release
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ENV CARGO_TERM_COLOR=never
RUN xx-cargo build --release --locked -p cli \
 && $(xx-clang --print-target-triple)-strip target/$(xx-cargo --print-target-triple)/release/cli \
 && install -D target/$(xx-cargo --print-target-triple)/release/cli /out/usr/bin/cli
# The programs that leave this stage are for the target.
RUN find -H /out/ -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=release /out/ /
ENTRYPOINT ["cli"]
