# xxpy: begin snippet xx
COPY --from=xx / /
ARG TARGETPLATFORM
# xxpy: end
