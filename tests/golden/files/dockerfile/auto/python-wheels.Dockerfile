# note, line 3: left as it is: pip: it selects wheels with compiled code for the machine that pip runs on; install them in the target's image, or build wheels for the target in a separate stage
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN pip install --no-cache-dir --prefix=/install -r requirements.txt

FROM python:3.12-slim
COPY --from=build /install /usr/local
COPY app.py .
CMD ["python", "app.py"]
