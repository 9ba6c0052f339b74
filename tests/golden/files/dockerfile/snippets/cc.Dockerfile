# xxpy: begin snippet cc
ARG TARGETPLATFORM
RUN mkdir -p /out && xx-clang -O2 -o /out/program *.c && xx-verify /out/program
# xxpy: end
