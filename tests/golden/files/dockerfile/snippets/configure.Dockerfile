# xxpy: begin snippet configure
ARG TARGETPLATFORM
RUN ./configure --host=$(xx-clang --print-target-triple) CC=xx-clang CXX=xx-clang++ && \
    make && make install DESTDIR=/out
# xxpy: end
