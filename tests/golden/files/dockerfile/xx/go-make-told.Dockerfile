FROM --platform=$BUILDPLATFORM golang:1.26 AS builder
COPY --from=xx / /
ARG TARGETOS
ARG TARGETARCH
WORKDIR /workspace
COPY . .
RUN CGO_ENABLED=0 GOOS=${TARGETOS:-linux} GOARCH=${TARGETARCH} make manager
ARG TARGETPLATFORM
# The programs that leave this stage are for the target.
RUN find -H /workspace/manager -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=builder /workspace/manager /manager
ENTRYPOINT ["/manager"]
