FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
WORKDIR /src
COPY go.mod Makefile common.mk ./
RUN make deps
COPY cmd cmd
ARG TARGETPLATFORM
RUN xx-go --wrap && make -j4 all PREFIX=/out
# The programs that leave this stage are for the target.
RUN find -H /out/bin/ -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM alpine:3.20
COPY --from=build /out/bin/ /usr/local/bin/
CMD ["server"]
