FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
ENV CGO_ENABLED=0
WORKDIR /src
COPY . .
RUN mkdir -p web && GOOS=js GOARCH=wasm go build -o web/app.wasm ./front
ARG TARGETPLATFORM
RUN xx-go build -o /out/app . && xx-verify --static /out/app
# The programs that leave this stage are for the target.
RUN find -H /src/web -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM scratch
COPY --from=build /src/web /web
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
