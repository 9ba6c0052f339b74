# note, line 9: left as it is: stage 1 is the image, and pip works there for the platform of the image
FROM --platform=$BUILDPLATFORM node:22 AS assets
WORKDIR /build
COPY web .
RUN npm ci && npm run build
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /build/dist -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY --from=assets /build/dist static
COPY pages.py .
CMD ["python", "pages.py"]
