# note, line 8: left as it is: a step of stage 1 needs the target's own programs, and so an emulator
FROM --platform=$BUILDPLATFORM alpine:3.20 AS build
COPY --from=xx / /
RUN apk add --no-cache clang lld llvm make
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN make CC=xx-clang CXX=xx-clang++ hello

FROM alpine:3.20
RUN apk add --no-cache tini
COPY --from=build /src/hello /usr/bin/hello
ENTRYPOINT ["tini", "--", "hello"]
