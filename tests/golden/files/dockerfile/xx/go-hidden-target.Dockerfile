FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY --from=xx / /
ARG TARGETARCH
ENV CGO_ENABLED=0
ENV GOARCH=${TARGETARCH}
WORKDIR /app
COPY . .
ARG TARGETPLATFORM
RUN xx-go build -o /hello . && xx-verify --static /hello

FROM scratch
COPY --from=build /hello /hello
ENTRYPOINT ["/hello"]
