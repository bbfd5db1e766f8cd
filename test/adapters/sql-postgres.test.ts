/** The store's contract on a real PostgreSQL, and what only a server can do wrong. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgres } from "../../bot/adapters/sql/open.ts";
import { storeContract } from "../contracts/store.ts";
import { postgresMissing, type Server, startPostgres } from "../servers.ts";

const missing = postgresMissing();
if (missing) console.warn(`skipped: ${missing}`);

describe.skipIf(missing)("with a server", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.end());

  storeContract("PostgreSQL", async () => {
    const store = await openPostgres({ url: server.url });
    return { store, again: () => openPostgres({ url: server.url }), end: () => store.upkeep.close() };
  });
});
