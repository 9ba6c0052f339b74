# note, line 5: left as it is: make: Makefile:2 calls cmake, which no variable tells the target; call cmake in the Dockerfile
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake gcc libc6-dev make
WORKDIR /src
COPY . .
RUN make

FROM debian:bookworm-slim
COPY --from=build /src/build/hello /usr/bin/hello
CMD ["hello"]
