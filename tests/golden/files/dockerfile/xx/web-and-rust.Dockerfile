FROM --platform=$BUILDPLATFORM node:22-bookworm-slim AS ui
WORKDIR /ui
COPY ui/package*.json ./
RUN npm ci
COPY ui .
RUN npm run build
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /ui/dist -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM --platform=$BUILDPLATFORM rust:1.63-bookworm AS server
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /server
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY --from=ui /ui/dist ./dist
RUN xx-cargo build --release
RUN built=/server/target/$(xx-cargo --print-target-triple)/release && xx-verify $built/app && mkdir -p /server/target/release && cp $built/app /server/target/release/

FROM debian:bookworm-slim
COPY --from=server /server/target/release/app /usr/bin/app
COPY --from=ui /ui/dist /srv/www
CMD ["app"]
