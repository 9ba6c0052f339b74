FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev make clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
COPY . .
RUN xx-go --wrap && CGO_ENABLED=1 make server os=${TARGETOS} arch=${TARGETARCH}
# The programs that leave this stage are for the target.
RUN find -H /src/bin/server -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /src/bin/server /usr/bin/server
CMD ["server"]
