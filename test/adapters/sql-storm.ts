/** A process of its own that receives and decides as fast as it can until it is killed; says what was promised. */

import { writeSync } from "node:fs";
import { openSqlite } from "../../bot/adapters/sql/open.ts";
import type { ConversationId, EventId, MessageId } from "../../bot/core/ids.ts";

const [file = "", life = "0"] = process.argv.slice(2);
const store = await openSqlite({ file });
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const PEOPLE = 20;

/** At once and without a buffer: a line that was written is a promise that was given. */
function promise(what: string, key: string): void {
  writeSync(1, `${what} ${key}\n`);
}

async function write(person: number): Promise<void> {
  for (let n = 0; ; n++) {
    const key = `${life}.${person}.${n}`;
    const result = await store.conversations.receive({
      pseudonym: `p${person}`,
      channel: "telegram",
      conversationId: `c${person}` as ConversationId,
      events: [{ id: `e${key}` as EventId, dedupeKey: key, at: Date.now(), sealed: bytes(key) }],
      create: { wrappedKey: bytes("k"), sealedAddress: bytes("a") },
    });
    if (result.ok) promise("received", key);
  }
}

async function decide(): Promise<void> {
  for (;;) {
    const ask = { owner: life, now: Date.now() + 1_000, forMs: 1, limit: 10, eventsEach: 3 };
    for (const turn of await store.conversations.lease(ask)) {
      const result = await store.conversations.commit({
        conversationId: turn.id,
        expectedVersion: turn.version,
        fence: turn.fence,
        at: Date.now(),
        handled: turn.events.map((e) => e.id),
        sealedState: bytes("s".repeat(turn.version % 3_000)),
        messages: turn.events.flatMap((e) => [
          { id: `m${e.id}` as MessageId, author: "person" as const, at: e.at, sealed: e.sealed },
          {
            id: `n${e.id}` as MessageId,
            author: "bot" as const,
            at: e.at,
            sealed: bytes("reply"),
            send: { safety: false },
          },
        ]),
        cases: [],
        setTimers: [],
        cancelTimers: [],
        wipe: false,
        counts: turn.events.map(() => ({ name: "handled", labels: {} })),
        audit: [],
        unanswered: [],
        endSession: false,
      });
      if (result.ok) for (const e of turn.events) promise("decided", Buffer.from(e.sealed).toString());
    }
  }
}

promise("ready", life);
await Promise.all([...Array.from({ length: PEOPLE }, (_, person) => write(person)), decide()]);
