# note, line 7: left as it is: a step of stage 1 runs programs of the target, and so needs an emulator
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
COPY xx/ /
WORKDIR /src
COPY . .
ARG TARGETPLATFORM
RUN CGO_ENABLED=0 xx-go build -o /out/app . && xx-verify --static /out/app

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1000 app
COPY --from=build /out/app /usr/local/bin/app
USER app
CMD ["app"]
