FROM --platform=$BUILDPLATFORM node:22 AS frontend
WORKDIR /app
COPY Makefile ./
COPY web ./web
RUN make frontend

FROM --platform=$BUILDPLATFORM golang:1.26 AS backend
COPY --from=xx / /
WORKDIR /app
COPY . .
COPY --from=frontend /app/web/dist ./web/dist
ARG VERSION
ARG TARGETPLATFORM
RUN xx-go --wrap && make backend VERSION=$VERSION
# The programs that leave this stage are for the target.
RUN find -H /app/bin/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/static-debian12
COPY --from=backend /app/bin/app /app
ENTRYPOINT ["/app"]
