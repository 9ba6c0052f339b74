FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN make app

FROM scratch
COPY --from=build /src/bin/app /app
ENTRYPOINT ["/app"]
