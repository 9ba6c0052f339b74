# note, line 5: left as it is: python3: xxpy does not read what this Python program does; run it in a separate stage, and copy its results
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y python3
WORKDIR /src
COPY . .
RUN python3 build.py

FROM scratch
COPY --from=build /src/app /app
CMD ["/app"]
