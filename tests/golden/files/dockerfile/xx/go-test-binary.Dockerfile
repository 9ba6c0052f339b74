FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
ENV CGO_ENABLED=0
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN xx-go test -c -o /out/app.test . && xx-verify --static /out/app.test && xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /out/app.test /
ENTRYPOINT ["/app"]
