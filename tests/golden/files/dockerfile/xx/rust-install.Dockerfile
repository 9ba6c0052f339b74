FROM --platform=$BUILDPLATFORM rust:1.63 as builder
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
WORKDIR /usr/src/tool
COPY . .
RUN xx-cargo install --path .

FROM debian:bookworm-slim
COPY --from=builder /usr/local/cargo/bin/tool /usr/local/bin/tool
CMD ["tool"]
