# note, line 4: left as it is: make: Makefile:2 calls cargo, and how that is told the target is not known; call the compiler in the Dockerfile, or let it take the target from the environment
FROM rust:1.63 AS build
WORKDIR /src
COPY . .
RUN make build

FROM debian:bookworm-slim
COPY --from=build /src/target/release/app /usr/local/bin/
