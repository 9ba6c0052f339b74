# xxpy: begin snippet primer
FROM --platform=$BUILDPLATFORM alpine AS build
ARG TARGETPLATFORM
ARG BUILDPLATFORM
RUN echo "I am running on $BUILDPLATFORM, building for $TARGETPLATFORM" >/log

FROM alpine
COPY --from=build /log /log
# xxpy: end
