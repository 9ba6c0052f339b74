# note, line 4: left as it is: make: Makefile:3 calls strip, and how that is told the target is not known; call the compiler in the Dockerfile, or let it take the target from the environment
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN make build

FROM scratch
COPY --from=build /src/app /app
CMD ["/app"]
