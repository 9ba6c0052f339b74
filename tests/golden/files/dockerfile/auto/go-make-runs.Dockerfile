# note, line 4: left as it is: ./bin/app runs here, which would be a program of the target; run it in the image, or build it once more for the build machine
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN make build && ./bin/app

FROM scratch
COPY --from=build /src/bin/app /app
ENTRYPOINT ["/app"]
