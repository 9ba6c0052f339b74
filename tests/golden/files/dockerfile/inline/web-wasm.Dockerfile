FROM --platform=$BUILDPLATFORM rust:1.95 AS wasm
RUN cargo install wasm-pack
WORKDIR /src
COPY . .
RUN wasm-pack build --target web --out-dir /pkg
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /pkg -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM nginx:1.27-alpine
COPY --from=wasm /pkg /usr/share/nginx/html/pkg
