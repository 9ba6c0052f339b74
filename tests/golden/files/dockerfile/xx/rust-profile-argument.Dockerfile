FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ARG CARGO_PROFILE=release
WORKDIR /src
COPY . .
RUN xx-cargo build --locked --bin app $(test "$CARGO_PROFILE" = release && echo --release) \
    && mkdir -p bin \
    && find target/$(xx-cargo --print-target-triple)/$CARGO_PROFILE -maxdepth 1 -perm /a+x -type f -exec mv {} bin \;
# The programs that leave this stage are for the target.
RUN find -H /src/bin/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /src/bin/app /usr/local/bin/app
CMD ["app"]
