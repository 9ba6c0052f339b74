FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
WORKDIR /src
COPY . .
RUN mkdir -p /src/target/release/
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
RUN xx-cargo build --release
RUN mv /src/target/$(xx-cargo --print-target-triple)/release/app /src/target/release/app
# The programs that leave this stage are for the target.
RUN find -H /src/target/release/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /src/target/release/app /usr/bin/app
CMD ["app"]
