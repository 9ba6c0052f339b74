FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
WORKDIR /src
COPY go.mod main.go ./
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM alpine:3.20
COPY --from=build /out/app /usr/local/bin/app
COPY docker-entrypoint.sh /usr/local/bin/
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["app"]
