FROM --platform=$BUILDPLATFORM golang:1.26
WORKDIR /app
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /hello .

FROM scratch
COPY --from=0 /hello /hello
ENTRYPOINT ["/hello"]
