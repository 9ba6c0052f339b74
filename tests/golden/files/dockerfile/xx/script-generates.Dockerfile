FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN ./generate.sh && CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
