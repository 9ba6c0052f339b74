FROM --platform=$BUILDPLATFORM node:22-alpine AS web
WORKDIR /web
COPY web/ .
RUN npm install && npm run build

FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
COPY xx/ /
WORKDIR /src
COPY . .
COPY --from=web /web/dist ./web/dist
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
