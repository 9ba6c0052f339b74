# note, line 4: left as it is: make: Makefile:6: rules that eval or call makes are not read; call the compiler in the Dockerfile, or let it take the target from the environment
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN make bin/app

FROM scratch
COPY --from=build /src/bin/app /app
CMD ["/app"]
