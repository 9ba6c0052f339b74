# note, line 5: left as it is: make: Makefile:2 calls gcc by its name, and not $(CC); let it call $(CC)
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y build-essential
WORKDIR /src
COPY . .
RUN make

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/
