# Bến An: built once with everything, run with only what it needs, by an account without rights, on a read-only root.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY bot ./bot
COPY flows ./flows
COPY knowledge ./knowledge
# The check leaves behind what it has read, the search its indexes: the image need not be written for a quick start.
RUN npm run build && npm prune --omit=dev && npm run -s cli -- flows check && npm run -s cli -- search < /dev/null

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data NODE_COMPILE_CACHE=/app/node_modules/.cache/compile
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/bot ./bot
COPY --from=build /app/flows ./flows
COPY --from=build /app/knowledge ./knowledge
# /data holds the master key and, without PostgreSQL, the database: the only place that is written.
RUN mkdir -p /data node_modules/.cache/compile && chown node:node /data node_modules/.cache/compile && chmod 700 /data
USER node
# What is compiled is found again only by the same account with the same flags: left here, each start needs 50 MB less.
RUN first=$(mktemp -d) && DATA_DIR=$first node --max-semi-space-size=8 bot/cli.ts doctor && rm -r "$first"
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# No shell and no npm in between: the service itself gets the signal to stop.
CMD ["node", "--max-semi-space-size=8", "bot/main.ts"]
