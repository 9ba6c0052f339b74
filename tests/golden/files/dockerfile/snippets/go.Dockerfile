# xxpy: begin snippet go
ARG TARGETPLATFORM
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 xx-go build -trimpath -o /out/ . && xx-verify --static /out/*
# xxpy: end
