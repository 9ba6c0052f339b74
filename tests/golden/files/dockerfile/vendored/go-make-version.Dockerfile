FROM --platform=$BUILDPLATFORM golang:1.26 AS builder
COPY xx/ /
ENV CGO_ENABLED=0
WORKDIR /go/src/app
# The makefile falls back to the machine's own architecture.
COPY . .
ARG TARGETPLATFORM
RUN xx-go --wrap && make app
# The programs that leave this stage are for the target.
RUN find -H /go/src/app/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=builder /go/src/app/app /usr/local/bin/app
ENTRYPOINT ["app"]
