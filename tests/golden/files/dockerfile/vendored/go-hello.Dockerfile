FROM --platform=$BUILDPLATFORM golang:1.26
COPY xx/ /
WORKDIR /app
COPY . .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /hello . && xx-verify --static /hello

FROM scratch
COPY --from=0 /hello /hello
ENTRYPOINT ["/hello"]
