/** The store's contract on SQLite, and what only a file can do wrong. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import { storeContract } from "../contracts/store.ts";

storeContract("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ben-an-store-"));
  const file = join(folder, "bot.db");
  const store = await openSqlite({ file });
  return {
    store,
    again: () => openSqlite({ file }),
    async end() {
      await store.upkeep.close();
      rmSync(folder, { recursive: true });
    },
  };
});
