FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
ENV GO111MODULE=on CGO_ENABLED=0 GOOS=linux GOARCH=amd64
COPY . .
ARG TARGETPLATFORM
# xxpy: begin inline linux/amd64 linux/arm64 linux/arm/v7
RUN <<"END"
case $TARGETPLATFORM in
  linux/amd64) echo 'export GOOS=linux GOARCH=amd64' ;;
  linux/arm64) echo 'export GOOS=linux GOARCH=arm64' ;;
  linux/arm/v7) echo 'export GOOS=linux GOARCH=arm GOARM=7' ;;
  *) echo "no names for $TARGETPLATFORM" >&2; exit 1 ;;
esac >/xxpy-target
END
# xxpy: end
RUN . /xxpy-target && go build -a -installsuffix cgo -o app .

FROM scratch
COPY --from=build /src/app .
CMD ["/app"]
