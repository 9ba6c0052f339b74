FROM --platform=$BUILDPLATFORM node:22 AS dependencies
WORKDIR /app
COPY web/package.json web/package-lock.json ./
RUN npm ci && mkdir -p node_modules

FROM --platform=$BUILDPLATFORM node:22 AS web
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY web/ ./
RUN npm run build
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /app/dist -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM nginx:1.27-alpine
COPY --from=web /app/dist /usr/share/nginx/html
