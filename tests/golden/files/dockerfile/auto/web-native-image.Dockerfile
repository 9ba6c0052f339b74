# note, line 4: left as it is: native-image: it builds a program for the machine that it runs on; run it in the target's platform, and use FROM --platform=$BUILDPLATFORM only for the classes
FROM ghcr.io/graalvm/native-image-community:21 AS build
WORKDIR /src
COPY App.java .
RUN javac App.java && native-image App app

FROM debian:bookworm-slim
COPY --from=build /src/app /usr/bin/app
CMD ["app"]
