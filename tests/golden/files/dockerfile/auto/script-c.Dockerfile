# note, line 5: left as it is: build.sh:3 calls gcc by its name, and not $(CC); let it call $(CC)
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
WORKDIR /src
COPY . .
RUN ./build.sh

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/hello
CMD ["hello"]
