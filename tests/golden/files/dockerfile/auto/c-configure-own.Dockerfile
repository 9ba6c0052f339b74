# note, line 5: left as it is: configure was not made by Autoconf, so how it is told the target is not known; tell it the target yourself
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y gcc make
WORKDIR /src
COPY . .
RUN ./configure --prefix=/usr && make

FROM debian:bookworm-slim
COPY --from=build /src/hello /usr/bin/
