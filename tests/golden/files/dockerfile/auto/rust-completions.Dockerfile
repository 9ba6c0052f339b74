# note, line 4: left as it is: ./target/release/app runs here, which would be a program of the target; run it in the image, or build it once more for the build machine
FROM rust:1.63 AS build
WORKDIR /src
COPY . .
RUN cargo build --release && ./target/release/app completions >/app.bash

FROM debian:bookworm-slim
COPY --from=build /src/target/release/app /usr/local/bin/
COPY --from=build /app.bash /usr/share/bash-completion/completions/app
