FROM --platform=$BUILDPLATFORM registry.access.redhat.com/ubi9/ubi-minimal AS build
COPY --from=xx / /
RUN microdnf install -y gcc-c++ clang lld llvm && microdnf clean all
ARG TARGETPLATFORM
RUN xx-microdnf install -y xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY hello.cpp .
RUN xx-clang++ -O2 -o hello hello.cpp && xx-verify hello

FROM registry.access.redhat.com/ubi9/ubi-micro
COPY --from=build /src/hello /usr/bin/hello
