# note, line 5: left as it is: go: how go is told the target behind xargs or find is not known; write a loop
FROM golang:1.26 AS build
WORKDIR /src
COPY . .
ENV CGO_ENABLED=0
RUN ls cmd | xargs -I{} go build -o /out/{} ./cmd/{}

FROM scratch
COPY --from=build /out/ /usr/bin/
CMD ["/usr/bin/one"]
