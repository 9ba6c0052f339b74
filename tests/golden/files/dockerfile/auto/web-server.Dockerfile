# note, line 4: left as it is: npm: its packages may contain programs for one machine, and /app leaves the stage; copy only files for browsers from this stage, or install the packages in the final image
FROM node:22-alpine AS build
WORKDIR /app
COPY web/ .
RUN npm ci --omit=dev

FROM node:22-alpine
WORKDIR /app
COPY --from=build /app .
CMD ["node", "build.js"]
