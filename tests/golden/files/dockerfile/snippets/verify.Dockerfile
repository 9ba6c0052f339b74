# xxpy: begin snippet verify
ARG TARGETPLATFORM
RUN xx-verify /out/*
# xxpy: end
