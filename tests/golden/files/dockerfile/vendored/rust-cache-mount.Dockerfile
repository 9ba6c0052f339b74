FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ARG APP=app
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src/ src/
RUN --mount=type=cache,id=/src/target-$TARGETPLATFORM,target=/src/target \
    --mount=type=cache,target=/usr/local/cargo/registry \
    xx-cargo build --locked --release && \
    cp ./target/$(xx-cargo --print-target-triple)/release/$APP /bin/server
# The programs that leave this stage are for the target.
RUN find -H /bin/server -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim AS final
COPY --from=build /bin/server /bin/
EXPOSE 8000
CMD ["/bin/server"]
