# xxpy: begin snippet cargo
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    xx-cargo install --path . --root /out && xx-verify /out/bin/*
# xxpy: end
