# xxpy: begin snippet apk
RUN apk add --no-cache clang lld llvm
ARG TARGETPLATFORM
RUN xx-apk add --no-cache xx-c-essentials
# xxpy: end
