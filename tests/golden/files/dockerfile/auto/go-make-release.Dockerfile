# note, line 4: left as it is: make: Makefile:2 calls go GOARCH=amd64, which the environment does not tell the target; let it take GOOS and GOARCH from the environment
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN make release

FROM scratch
COPY --from=build /src/dist/app-linux-amd64 /app
CMD ["/app"]
