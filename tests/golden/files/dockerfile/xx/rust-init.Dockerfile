# As docker init writes it.
ARG RUST_VERSION=1.63
ARG APP_NAME=app

FROM --platform=$BUILDPLATFORM rust:${RUST_VERSION}-slim-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
ARG APP_NAME
WORKDIR /app

RUN --mount=type=bind,source=src,target=src \
    --mount=type=bind,source=Cargo.toml,target=Cargo.toml \
    --mount=type=bind,source=Cargo.lock,target=Cargo.lock \
    --mount=type=cache,id=/app/target-$TARGETPLATFORM,target=/app/target/ \
    --mount=type=cache,target=/usr/local/cargo/registry/ \
    xx-cargo build --locked --release && \
    cp ./target/$(xx-cargo --print-target-triple)/release/$APP_NAME /bin/server
# The programs that leave this stage are for the target.
RUN find -H /bin/server -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim AS final
ARG UID=10001
COPY --from=build /bin/server /bin/
EXPOSE 8000
CMD ["/bin/server"]
