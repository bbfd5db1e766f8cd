/** The names of our tables. */

/** Every table that holds something of ours, in an order in which they can be filled, with its key. */
export const TABLES: readonly { readonly name: string; readonly key: readonly string[] }[] = [
  { name: "keys", key: ["n"] },
  { name: "conversations", key: ["id"] },
  { name: "states", key: ["conversation_id"] },
  { name: "seen", key: ["mark"] },
  { name: "events", key: ["conversation_id", "seq"] },
  { name: "messages", key: ["conversation_id", "ordinal"] },
  { name: "outbox", key: ["conversation_id", "item"] },
  { name: "timers", key: ["conversation_id", "timer"] },
  { name: "cases", key: ["id"] },
  { name: "case_notes", key: ["id"] },
  { name: "revisions", key: ["kind", "key", "number"] },
  { name: "unanswered", key: ["n"] },
  { name: "staff", key: ["id"] },
  { name: "tokens", key: ["hash"] },
  { name: "duty", key: ["staff_id"] },
  { name: "secrets", key: ["name"] },
  { name: "audit", key: ["n"] },
  { name: "counts", key: ["day", "name", "labels", "shard"] },
];

/** Not copied: each database keeps its own book of migrations, and `meta` says whose it is. */
export const OWN_TABLES: readonly string[] = ["meta", "migrations"];

export type Table = (typeof TABLES)[number];
