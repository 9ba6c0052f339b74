# note, line 4: left as it is: dpkg: it asks what machine it runs on, which would be the build machine; take the target from ARG TARGETARCH, or do it in a stage of its own
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY . .
RUN ARCH=$(dpkg --print-architecture) && \
    curl -fsSL -o /out/tini "https://example.com/tini-$ARCH" && chmod +x /out/tini
RUN CGO_ENABLED=0 go build -o /out/app .

FROM scratch
COPY --from=build /out/tini /out/app /
ENTRYPOINT ["/tini", "--", "/app"]
