# tool - internal build image
#
# docker build --build-arg COMMIT=$(git rev-parse HEAD) .

ARG BASE=golang
ARG TAG="1.26"
ARG RUNTIME=scratch


from --platform=$BUILDPLATFORM ${BASE}:${TAG} as deps
COPY xx/ /
maintainer Tools Team <tools@example.com>
LABEL org.opencontainers.image.title="tool" \
      org.opencontainers.image.vendor='Example, Inc.'
SHELL ["/bin/sh", "-c"]
workdir /src
copy go.mod ./
run	go mod download	# nothing to see yet

FROM	deps  AS   compile
ARG COMMIT=unknown
ARG BUILD_TAGS="netgo osusergo"
ENV CGO_ENABLED=0 \
    GOFLAGS=-buildvcs=false
COPY scripts scripts
COPY cmd cmd
ARG TARGETPLATFORM
# Build it.
RUN set -ex \
    # settings of the team
    && . ./scripts/build.env \
    && echo "building ${COMMIT} as $(id -un)" \

    && go vet ./cmd/... \
    && xx-go build $BUILD_FLAGS \
        -tags "${BUILD_TAGS}" \
        # the commit is shown by tool --version
        -ldflags="-w -s \
                  -X main.version=${COMMIT}" \
        -o /go/bin/tool ./cmd/tool && xx-verify --static /go/bin/tool \
    && go clean -cache \
    && ls -la /go/bin   \
    ; true

FROM compile AS test
RUN go test ./... ; \
    echo $? > /status
# The programs that leave this stage are for the target.
RUN find -H /status -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM ${RUNTIME} AS final
COPY --from=compile --chown=65532:65532 /go/bin/tool /usr/local/bin/
COPY --from=test /status /
ONBUILD RUN ["/usr/local/bin/tool", "--onbuild"]
HEALTHCHECK --interval=30s CMD ["/usr/local/bin/tool", "health"]
STOPSIGNAL SIGTERM
VOLUME ["/data"]
EXPOSE 80/tcp \
       443/tcp
ENTRYPOINT ["/usr/local/bin/tool"]
