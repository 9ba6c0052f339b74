# Its author chose the target by hand, and built under emulation.
FROM --platform=$BUILDPLATFORM rust:1.95 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETARCH
WORKDIR /src
RUN case "$TARGETARCH" in \
      amd64) echo x86_64-unknown-linux-musl ;; \
      arm64) echo aarch64-unknown-linux-musl ;; \
      *) exit 1 ;; \
    esac >/target && rustup target add "$(cat /target)"
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN xx-cargo build --release --target "$(cat /target)" && cp "target/$(cat /target)/release/app" /app
# The programs that leave this stage are for the target.
RUN find -H /app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /app /app
CMD ["/app"]
