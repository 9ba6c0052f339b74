# tool - internal build image
#
# docker build --build-arg COMMIT=$(git rev-parse HEAD) .

ARG BASE=golang
ARG TAG="1.26"
ARG RUNTIME=scratch


from --platform=$BUILDPLATFORM ${BASE}:${TAG} as deps
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
ARG TARGETOS TARGETARCH
# Build it.
RUN set -ex \
    # settings of the team
    && . ./scripts/build.env \
    && echo "building ${COMMIT} as $(id -un)" \

    && go vet ./cmd/... \
    && GOOS=$TARGETOS GOARCH=$TARGETARCH go build $BUILD_FLAGS \
        -tags "${BUILD_TAGS}" \
        # the commit is shown by tool --version
        -ldflags="-w -s \
                  -X main.version=${COMMIT}" \
        -o /go/bin/tool ./cmd/tool \
    && go clean -cache \
    && ls -la /go/bin   \
    ; true
ARG TARGETVARIANT
# The programs that leave this stage are for the target.
RUN case $TARGETARCH/$TARGETVARIANT in arm/v5 | arm/v6) \
      echo "Go is not told the variant $TARGETVARIANT: xxpy dockerfile convert --mode inline" >&2; exit 1 ;; esac; \
    find -H /go/bin/tool -type f | while read -r f; do case $(od -An -v -tx1 -N4 "$f" | tr -d ' \n') in \
      7f454c46) at=18 n=2 ;; cffaedfe) at=4 n=4 ;; 4d5a*) at=$(($(od -An -tu4 -j60 -N4 "$f") + 4)) n=2 ;; *) continue ;; esac; \
    case " 386=0300 386=4c01 amd64=07000001 amd64=3e00 amd64=6486 arm64=0c000001 arm64=64aa arm64=b700 arm=2800 arm=c401 loong64=0201 mips64=0008 mips64le=0800 mips=0008 mipsle=0800 ppc64=0015 ppc64le=1500 riscv64=f300 s390x=0016 " in \
      *" $TARGETARCH=$(od -An -v -tx1 -j$at -N$n "$f" | tr -d ' \n') "*) ;; \
      *) echo "$f is not for $TARGETARCH" >&2; exit 1 ;; esac; done

FROM compile AS test
RUN go test ./... ; \
    echo $? > /status
ARG TARGETVARIANT
# The programs that leave this stage are for the target.
RUN case $TARGETARCH/$TARGETVARIANT in arm/v5 | arm/v6) \
      echo "Go is not told the variant $TARGETVARIANT: xxpy dockerfile convert --mode inline" >&2; exit 1 ;; esac; \
    find -H /status -type f | while read -r f; do case $(od -An -v -tx1 -N4 "$f" | tr -d ' \n') in \
      7f454c46) at=18 n=2 ;; cffaedfe) at=4 n=4 ;; 4d5a*) at=$(($(od -An -tu4 -j60 -N4 "$f") + 4)) n=2 ;; *) continue ;; esac; \
    case " 386=0300 386=4c01 amd64=07000001 amd64=3e00 amd64=6486 arm64=0c000001 arm64=64aa arm64=b700 arm=2800 arm=c401 loong64=0201 mips64=0008 mips64le=0800 mips=0008 mipsle=0800 ppc64=0015 ppc64le=1500 riscv64=f300 s390x=0016 " in \
      *" $TARGETARCH=$(od -An -v -tx1 -j$at -N$n "$f" | tr -d ' \n') "*) ;; \
      *) echo "$f is not for $TARGETARCH" >&2; exit 1 ;; esac; done

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
