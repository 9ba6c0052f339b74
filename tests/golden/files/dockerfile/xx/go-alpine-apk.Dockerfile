FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
COPY --from=xx / /
RUN apk add --no-cache git gcc musl-dev clang lld llvm
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
WORKDIR /src
COPY . .
RUN CGO_ENABLED=1 xx-go build -ldflags '-linkmode external -extldflags "-static"' -o /bin/app . && xx-verify /bin/app

FROM alpine:3.20
COPY --from=build /bin/app /bin/app
CMD ["/bin/app"]
