FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /go/src/app
ADD . .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /go/bin/ ./cmd/app
# The programs that leave this stage are for the target.
RUN find -H /go/bin/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/static-debian12
COPY --from=build /go/bin/app /
CMD ["/app"]
