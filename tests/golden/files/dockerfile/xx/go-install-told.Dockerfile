FROM --platform=$BUILDPLATFORM golang:1.26 AS build-env
COPY --from=xx / /
ENV CGO_ENABLED=0
WORKDIR /go/src/app
COPY go.mod ./
COPY lib lib
ARG TARGETPLATFORM
# The packages that change least are compiled in a layer of their own.
RUN xx-go install ./lib && { [ ! -d /go/bin/$(xx-go env GOOS)_$(xx-go env GOARCH) ] || mv /go/bin/$(xx-go env GOOS)_$(xx-go env GOARCH)/* /go/bin/; }
COPY cmd cmd
ARG TARGETARCH
RUN GOARCH=$TARGETARCH go install ./cmd/one ./cmd/two && { [ ! -d /go/bin/$(xx-go env GOOS)_$(xx-go env GOARCH) ] || mv /go/bin/$(xx-go env GOOS)_$(xx-go env GOARCH)/* /go/bin/; }
# The programs that leave this stage are for the target.
RUN find -H /go/bin/* -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build-env /go/bin/* /usr/local/bin/
CMD ["one"]
