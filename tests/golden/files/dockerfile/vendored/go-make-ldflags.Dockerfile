FROM --platform=$BUILDPLATFORM golang:1.26 AS builder
COPY xx/ /
ARG VERSION=unknown
WORKDIR /go/src/app
COPY go.mod ./
RUN go mod download
COPY . .
ARG TARGETPLATFORM
RUN xx-go --wrap && make VERSION=${VERSION} all
# The programs that leave this stage are for the target.
RUN find -H /go/src/app/bin/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=builder /go/src/app/bin/app /app
ENTRYPOINT ["/app"]
