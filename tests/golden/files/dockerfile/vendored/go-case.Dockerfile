# The target is told already; only the stage was never moved.
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
ARG TARGETPLATFORM
WORKDIR /src
COPY . .
RUN case "$TARGETPLATFORM" in \
      linux/amd64) export GOARCH=amd64 ;; \
      linux/arm64) export GOARCH=arm64 ;; \
      linux/arm/v7) export GOARCH=arm GOARM=7 ;; \
    esac; \
    CGO_ENABLED=0 GOOS=linux go build -o /out/app .
# The programs that leave this stage are for the target.
RUN find -H /out/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
