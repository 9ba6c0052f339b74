FROM --platform=$BUILDPLATFORM gcc:12 AS build
COPY --from=xx / /
RUN apt-get update && apt-get install -y --no-install-recommends clang lld llvm
ARG TARGETPLATFORM
RUN apt-get update && xx-apt-get install -y --no-install-recommends xx-c-essentials xx-cxx-essentials
WORKDIR /app
ADD . /app
RUN make CC=xx-clang CXX=xx-clang++ CXXFLAGS="-O2 -static-libstdc++ -static-libgcc"
# The programs that leave this stage are for the target.
RUN find -H /app/hello -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) xx-verify "$f" || exit 1 ;; esac; done

FROM gcr.io/distroless/cc-debian12
COPY --from=build /app/hello /hello
ENTRYPOINT ["/hello"]
