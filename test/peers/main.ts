/** `npm run peers`: the platforms' stand-ins as one process on loopback, until it is ended. */

import { startBotApi } from "./bot-api/server.ts";

const botApi = await startBotApi({ port: Number(process.env.PEER_TELEGRAM_PORT ?? 8081) });

console.log(`TELEGRAM_API_ROOT=${botApi.url}
TELEGRAM_BOT_TOKEN=${botApi.token}
# PEERS_READY: each address also takes POST /control/VERB; see the peer's control.ts`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void Promise.all([botApi.close()]).then(() => process.exit(0));
  });
}
