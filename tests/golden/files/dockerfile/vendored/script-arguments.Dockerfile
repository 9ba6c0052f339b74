FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
ARG VERSION=1.2.3
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN xx-go --wrap && ./scripts/build.sh "$VERSION" /out/app
# The programs that leave this stage are for the target.
RUN find -H /out/app -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
