# note, line 5: left as it is: build.sh:3 calls configure, which no variable tells the target; call configure in the Dockerfile
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make
WORKDIR /src
COPY . .
RUN ./build.sh

FROM debian:bookworm-slim
COPY --from=build /out/usr/bin/hello /usr/bin/hello
CMD ["hello"]
