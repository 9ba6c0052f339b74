# note, line 4: left as it is: go run build.go starts other programs, or asks for the machine ("os/exec"); run it in a stage of its own and copy what it makes, or call go build
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN go run build.go install app

FROM scratch
COPY --from=build /src/bin/app /app
ENTRYPOINT ["/app"]
