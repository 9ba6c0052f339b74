FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
RUN useradd --create-home builder
USER builder
WORKDIR /home/builder/src
COPY --chown=builder . .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o app . && xx-verify --static app

FROM scratch
COPY --from=build /home/builder/src/app /app
USER 65534
ENTRYPOINT ["/app"]
