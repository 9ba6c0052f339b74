# Node.js and Go in one stage.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm
WORKDIR /src
COPY web web
RUN cd web && npm ci && npm run build
COPY go.mod main.go ./
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM scratch
COPY --from=build /out/app /app
CMD ["/app"]
