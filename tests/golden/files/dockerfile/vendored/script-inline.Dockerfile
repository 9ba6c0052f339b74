FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY xx/ /
WORKDIR /src
COPY . .
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ARG TARGETPLATFORM
RUN bash -c 'set -e; CGO_ENABLED=0 xx-go build -o /out/app . 2>&1 | tee /tmp/log'
# The programs that leave this stage are for the target.
RUN find -H /out/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
