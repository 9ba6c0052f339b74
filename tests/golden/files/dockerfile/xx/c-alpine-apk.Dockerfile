# note, line 8: left as it is: a step of stage 1 runs programs of the target, and so needs an emulator
FROM --platform=$BUILDPLATFORM alpine:3.20 AS build
COPY --from=xx / /
RUN apk add --no-cache build-base clang lld llvm
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ hello
# The programs that leave this stage are for the target.
RUN find -H /src/hello -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM alpine:3.20
RUN apk add --no-cache tini
COPY --from=build /src/hello /usr/bin/hello
ENTRYPOINT ["tini", "--", "hello"]
