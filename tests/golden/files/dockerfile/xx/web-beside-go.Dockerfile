FROM --platform=$BUILDPLATFORM golang:1.26 AS api
COPY --from=xx / /
WORKDIR /api
COPY go.mod main.go ./
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -trimpath -o api . && xx-verify --static api

FROM --platform=$BUILDPLATFORM node:22 AS pages
WORKDIR /pages
COPY web .
RUN npm ci && npm run build && gzip -k dist/index.html
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /pages/dist/ -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM alpine:3.20
COPY --from=api /api/api /usr/bin/api
COPY --from=pages /pages/dist/ /var/www/
EXPOSE 8080
CMD ["api"]
