FROM --platform=$BUILDPLATFORM hugomods/hugo:exts AS site
WORKDIR /site
COPY site .
RUN hugo --minify --destination /public
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /public -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM nginx:1.27-alpine
COPY --from=site /public /usr/share/nginx/html
