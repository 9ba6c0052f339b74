# note, line 2: left as it is: dpkg: it asks what machine it runs on, which would be the build machine; take the target from ARG TARGETARCH, or do it in a stage of its own
FROM golang:1.26 AS build
RUN curl -fsSLo /tini "https://example.com/tini-$(dpkg --print-architecture)" && chmod +x /tini
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /app .

FROM scratch
COPY --from=build /tini /tini
COPY --from=build /app /app
ENTRYPOINT ["/tini", "--", "/app"]
