FROM --platform=$BUILDPLATFORM rust:1.95 AS builder
COPY --from=xx / /
ENV XX_LIBC=musl
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGET=x86_64-unknown-linux-musl
ARG TARGETPLATFORM
RUN apt-get update && apt-get install -y musl-tools && rustup target add $(xx-cargo --print-target-triple)
WORKDIR /app
COPY Cargo.toml Cargo.lock ./
COPY src ./src
RUN xx-cargo build --locked --release && \
    $(xx-clang --print-target-triple)-strip target/$(xx-cargo --print-target-triple)/release/app && \
    cp target/$(xx-cargo --print-target-triple)/release/app /usr/local/bin/app
# The programs that leave this stage are for the target.
RUN find -H /usr/local/bin/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=builder /usr/local/bin/app /app
USER 1000
CMD ["/app"]
