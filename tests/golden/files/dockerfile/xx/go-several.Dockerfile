FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
WORKDIR /src
COPY . .
ENV CGO_ENABLED 0
ARG TARGETPLATFORM
RUN set -eux; \
    mkdir -p /out; \
    for command in server worker; do \
      xx-go build -o "/out/$command" "./cmd/$command" && xx-verify --static "/out/$command"; \
    done; \
    ls -l /out
# The programs that leave this stage are for the target.
RUN find -H /out/server /out/worker -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch AS server
COPY --from=build /out/server /server
ENTRYPOINT ["/server"]

FROM scratch AS worker
COPY --from=build /out/worker /worker
ENTRYPOINT ["/worker"]

FROM scratch
COPY --from=server /server /bin/
COPY --from=worker /worker /bin/
