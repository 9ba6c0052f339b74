# xxpy: begin new language=c++ system=cxx base=debian runtime=distroless mode=vendored name=app
FROM --platform=$BUILDPLATFORM debian:bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
COPY xx/ /
WORKDIR /src
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
COPY . .
RUN mkdir -p /out/usr/bin && \
    xx-clang++ -O2 -o /out/usr/bin/app *.cc && \
    xx-verify /out/usr/bin/app

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/ /
USER 65532:65532
ENTRYPOINT ["/usr/bin/app"]
# xxpy: end
