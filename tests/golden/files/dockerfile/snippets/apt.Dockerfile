# xxpy: begin snippet apt
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials
# xxpy: end
