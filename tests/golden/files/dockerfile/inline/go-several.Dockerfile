FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ENV CGO_ENABLED 0
ARG TARGETPLATFORM
# xxpy: begin inline linux/amd64 linux/arm64 linux/arm/v7
RUN <<"END"
case $TARGETPLATFORM in
  linux/amd64) echo 'export GOOS=linux GOARCH=amd64' ;;
  linux/arm64) echo 'export GOOS=linux GOARCH=arm64' ;;
  linux/arm/v7) echo 'export GOOS=linux GOARCH=arm GOARM=7' ;;
  *) echo "no names for $TARGETPLATFORM" >&2; exit 1 ;;
esac >/xxpy-target
END
# xxpy: end
RUN . /xxpy-target && set -eux; \
    mkdir -p /out; \
    for command in server worker; do \
      go build -o "/out/$command" "./cmd/$command"; \
    done; \
    ls -l /out

FROM scratch AS server
COPY --from=build /out/server /server
ENTRYPOINT ["/server"]

FROM scratch AS worker
COPY --from=build /out/worker /worker
ENTRYPOINT ["/worker"]

FROM scratch
COPY --from=server /server /bin/
COPY --from=worker /worker /bin/
