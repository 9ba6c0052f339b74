# note, line 5: left as it is: build.sh:3 calls gcc, and how that is told the target is not known; call the compiler in the Dockerfile, or let it take the target from the environment
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /src
COPY . .
RUN ./build.sh

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/hello
CMD ["hello"]
