FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
ARG TARGETARCH
WORKDIR /src
COPY . .
ENV CGO_ENABLED=0
ARG TARGETPLATFORM
RUN xx-go build -ldflags "-X main.version=$TARGETARCH" -o /out/app-$TARGETARCH . && xx-verify --static /out/app-$TARGETARCH
# The programs that leave this stage are for the target.
RUN find -H /out/app-$TARGETARCH -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
ARG TARGETARCH
COPY --from=build /out/app-$TARGETARCH /bin/app
ENTRYPOINT ["/bin/app"]
