/** `npm run peers`: the platforms' stand-ins as one process on loopback, until it is ended. Port 0 takes a free one. */

import { startBotApi } from "./bot-api/server.ts";
import { startZaloBot, ZALO_BOT_TOKEN } from "./zalo-bot/server.ts";
import { startZaloOa, ZALO_OA } from "./zalo-oa/server.ts";

const port = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);

const botApi = await startBotApi({ port: port("PEER_TELEGRAM_PORT", 8081) });
const zaloBot = await startZaloBot(port("PEER_ZALO_BOT_PORT", 8082));
const zaloOa = await startZaloOa(port("PEER_ZALO_OA_PORT", 8083));

// As lines of an environment file, so that they can be used as they are.
console.log(`TELEGRAM_API_ROOT=${botApi.url}
TELEGRAM_BOT_TOKEN=${botApi.token}
ZALO_BOT_API_BASE=${zaloBot.url}
ZALO_BOT_TOKEN=${ZALO_BOT_TOKEN}
ZALO_OA_API_BASE=${zaloOa.url}
ZALO_OA_OAUTH_BASE=${zaloOa.url}
ZALO_OA_ID=${ZALO_OA.oaId}
ZALO_OA_APP_ID=${ZALO_OA.appId}
ZALO_OA_APP_SECRET=${ZALO_OA.appSecret}
ZALO_OA_SECRET_KEY=${ZALO_OA.oaSecretKey}
ZALO_OA_REFRESH_TOKEN=${ZALO_OA.firstRefreshToken}
# PEERS_READY: each address also takes POST /control/VERB; an unknown verb names them all`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void Promise.all([botApi.close(), zaloBot.close(), zaloOa.close()]).then(() => process.exit(0));
  });
}
