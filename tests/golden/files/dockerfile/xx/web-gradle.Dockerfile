# note, line 6: archives are not opened: what is in /src/build/libs/app.jar is not verified
FROM --platform=$BUILDPLATFORM node:22 AS ui
WORKDIR /ui
COPY web .
RUN npm ci && npm run build

FROM --platform=$BUILDPLATFORM gradle:8-jdk21 AS build
WORKDIR /src
COPY . .
COPY --from=ui /ui/dist src/main/resources/static
RUN gradle bootJar --no-daemon
# What leaves this stage is the same for every platform: there is no program in it.
RUN find -H /src/build/libs/app.jar -type f | while read -r f; do case $(od -An -v -tx1 -N8 "$f" | tr -d ' \n') in \
      7f454c46* | 4d5a* | c[ef]faedfe* | cafebabe0000000[1-9]) echo "$f is for one platform" >&2; exit 1 ;; esac; done

FROM eclipse-temurin:21-jre
COPY --from=build /src/build/libs/app.jar /app.jar
ENTRYPOINT ["java", "-jar", "/app.jar"]
