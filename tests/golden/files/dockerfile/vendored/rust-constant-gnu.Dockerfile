FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN xx-cargo build --release
RUN mkdir /out && mv target/$(xx-cargo --print-target-triple)/release/app /out/
# The programs that leave this stage are for the target.
RUN find -H /out/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /out/app /usr/bin/app
CMD ["app"]
