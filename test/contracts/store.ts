/** The suite that every Store must pass. It is given a constructor, and runs on one database that fills up. */

import { afterAll, beforeAll, describe } from "vitest";
import { caseContract } from "./store-cases.ts";
import { conversationContract } from "./store-conversations.ts";
import { outboxContract } from "./store-outbox.ts";
import type { Opened } from "./store-scene.ts";
import { upkeepContract } from "./store-upkeep.ts";

export function storeContract(name: string, open: () => Promise<Opened>): void {
  describe(name, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    }, 60_000);
    afterAll(() => opened?.end());
    const at = () => opened;
    conversationContract(at);
    outboxContract(at);
    caseContract(at);
    upkeepContract(at);
  });
}
