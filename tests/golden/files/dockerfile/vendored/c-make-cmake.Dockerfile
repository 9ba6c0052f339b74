FROM --platform=$BUILDPLATFORM debian:bookworm AS build
COPY xx/ /
RUN apt-get update && apt-get install -y --no-install-recommends cmake gcc libc6-dev make clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /src
COPY . .
RUN <<"END"
# CMake reads CMAKE_TOOLCHAIN_FILE from the environment since 3.21.
echo 'cmake_minimum_required(VERSION 3.21)' >/cmake-cross.cmake
cmake -P /cmake-cross.cmake || exit
defines="$(xx-clang --print-cmake-defines) -DCMAKE_SYSTEM_NAME=$(xx-info cmake-system)" || exit
for define in $defines -DCMAKE_SYSTEM_PROCESSOR=$(xx-info cmake-processor); do
  define=${define#-D}
  echo "set(${define%%=*} \"${define#*=}\")"
done >/cmake-cross.cmake
END
RUN make CMAKE_TOOLCHAIN_FILE=/cmake-cross.cmake
# The programs that leave this stage are for the target.
RUN find -H /src/build/hello -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM debian:bookworm-slim
COPY --from=build /src/build/hello /usr/bin/hello
CMD ["hello"]
