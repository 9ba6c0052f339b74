# xxpy: begin snippet cgo
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 xx-go build -trimpath -o /out/ . && xx-verify /out/*
# xxpy: end
