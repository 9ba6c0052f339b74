FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS builder
COPY --from=xx / /
WORKDIR /app
COPY go.* ./
RUN go mod download
COPY *.go ./
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /docker-app && xx-verify --static /docker-app

FROM alpine:3.20
WORKDIR /
COPY --from=builder /docker-app /docker-app
EXPOSE 8080
ENTRYPOINT [ "/docker-app" ]
