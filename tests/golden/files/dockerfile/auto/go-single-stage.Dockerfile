# note, line 1: left as it is: stage 0 is the image and compiles too; let a stage of its own compile and copy the program from there
FROM golang:1.26

WORKDIR /usr/src/app
COPY . .
RUN go build -v -o /usr/local/bin/app ./...

CMD ["app"]
