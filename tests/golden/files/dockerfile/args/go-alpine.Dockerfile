FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS builder
WORKDIR /app
COPY go.* ./
RUN go mod download
COPY *.go ./
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /docker-app

FROM alpine:3.20
WORKDIR /
COPY --from=builder /docker-app /docker-app
EXPOSE 8080
ENTRYPOINT [ "/docker-app" ]
