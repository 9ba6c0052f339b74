# note, line 4: left as it is: npm: its packages may contain programs for one machine, and /app/node_modules leaves the stage; copy only files for browsers from this stage, or install the packages in the final image
FROM node:22 AS build
WORKDIR /app
COPY web/package.json ./
RUN npm install --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY web/ ./
CMD ["node", "index.js"]
