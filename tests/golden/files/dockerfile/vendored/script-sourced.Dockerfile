# note, line 1: cgo is off when Go compiles for another platform; if the program has C in it: CGO_ENABLED=1
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN xx-go --wrap && sh scripts/build.sh
# The programs that leave this stage are for the target.
RUN find -H /src/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /src/app /app
CMD ["/app"]
