# note, line 4: left as it is: cmake: CMakeLists.txt runs gen, which would be a program of the target; let CMAKE_CROSSCOMPILING decide there
FROM debian:bookworm AS build
RUN apt-get update && apt-get install -y cmake build-essential
COPY . /src
RUN cmake -S /src -B /build && cmake --build /build

FROM debian:bookworm-slim
COPY --from=build /build/hello /usr/bin/
