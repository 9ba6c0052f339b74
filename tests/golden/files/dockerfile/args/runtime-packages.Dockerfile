# note, line 7: left as it is: a step of stage 1 runs programs of the target, and so needs an emulator
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .
ARG TARGETVARIANT
# The programs that leave this stage are for the target.
RUN case $TARGETARCH/$TARGETVARIANT in arm/v5 | arm/v6) \
      echo "Go is not told the variant $TARGETVARIANT: xxpy dockerfile convert --mode inline" >&2; exit 1 ;; esac; \
    find -H /out/app -type f | while read -r f; do case $(od -An -v -tx1 -N4 "$f" | tr -d ' \n') in \
      7f454c46) at=18 n=2 ;; cffaedfe) at=4 n=4 ;; 4d5a*) at=$(($(od -An -tu4 -j60 -N4 "$f") + 4)) n=2 ;; *) continue ;; esac; \
    case " 386=0300 386=4c01 amd64=07000001 amd64=3e00 amd64=6486 arm64=0c000001 arm64=64aa arm64=b700 arm=2800 arm=c401 loong64=0201 mips64=0008 mips64le=0800 mips=0008 mipsle=0800 ppc64=0015 ppc64le=1500 riscv64=f300 s390x=0016 " in \
      *" $TARGETARCH=$(od -An -v -tx1 -j$at -N$n "$f" | tr -d ' \n') "*) ;; \
      *) echo "$f is not for $TARGETARCH" >&2; exit 1 ;; esac; done

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 1000 app
COPY --from=build /out/app /usr/local/bin/app
USER app
CMD ["app"]
