FROM --platform=$BUILDPLATFORM composer:2 AS vendor
WORKDIR /app
COPY composer.json composer.lock ./
RUN composer install --no-dev --no-interaction --prefer-dist
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /app/vendor -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM --platform=$BUILDPLATFORM node:22 AS assets
WORKDIR /app
COPY web .
RUN npm ci && npm run build
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /app/dist -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM php:8.3-apache
COPY --from=vendor /app/vendor /var/www/html/vendor
COPY --from=assets /app/dist /var/www/html/public
COPY index.php /var/www/html/
