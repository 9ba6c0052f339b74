# note, line 5: left as it is: make: Makefile:5: gen: ./gen runs here, which would be a program of the target; run it in the image, or build it once more for the build machine
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc make
WORKDIR /src
COPY . .
RUN make

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/
