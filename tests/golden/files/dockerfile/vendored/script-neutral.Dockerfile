FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /src
COPY . .
# It writes a source file, which is the same for every platform.
RUN sh version.sh >version.go
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
