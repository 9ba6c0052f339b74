FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /src
ENV GO111MODULE=on CGO_ENABLED=0 GOOS=linux GOARCH=amd64
COPY . .
ARG TARGETPLATFORM
RUN xx-go build -a -installsuffix cgo -o app . && xx-verify --static app

FROM scratch
COPY --from=build /src/app .
CMD ["/app"]
