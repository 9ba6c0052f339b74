FROM --platform=$BUILDPLATFORM alpine:3.20 AS alpine

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
COPY --from=alpine /usr/bin/xxd /usr/local/bin/
WORKDIR /src
COPY . .
RUN xxd main.go > main.hex
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
