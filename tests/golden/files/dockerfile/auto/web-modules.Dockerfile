# note, line 4: left as it is: npm: its packages may bring programs for one machine; copy only what is built for browsers out of this stage, or install the packages in the image itself
FROM node:22 AS build
WORKDIR /app
COPY web/package.json ./
RUN npm install --omit=dev

FROM node:22-slim
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY web/ ./
CMD ["node", "index.js"]
