# note, line 5: left as it is: busybox:1.37 comes for the target, and its programs would run on the build machine; name a stage FROM --platform=$BUILDPLATFORM busybox:1.37 and copy from that
# The image takes a program for the target along.
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
COPY --from=busybox:1.37 /bin/busybox /out/busybox
RUN CGO_ENABLED=0 go build -o /out/app .

FROM scratch
COPY --from=build /out/ /
CMD ["/app"]
