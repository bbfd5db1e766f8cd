/**
 * The truth. Every change is one plain value that is committed all or nothing; no verb takes a callback.
 * Everything named `sealed…` is ciphertext made by the vault: the store never sees a person's words or address.
 * No verb may assume one process: leases carry fences, commits carry versions.
 */

import type { CaseStore } from "./store/cases.ts";
import type { ContentStore } from "./store/content.ts";
import type { ConversationStore } from "./store/conversations.ts";
import type { OutboxStore } from "./store/outbox.ts";
import type { StaffStore } from "./store/staff.ts";
import type { UpkeepStore } from "./store/upkeep.ts";

export type * from "./store/cases.ts";
export type * from "./store/content.ts";
export type * from "./store/conversations.ts";
export type * from "./store/outbox.ts";
export type * from "./store/sealed.ts";
export type * from "./store/staff.ts";
export type * from "./store/upkeep.ts";

export interface Store {
  readonly conversations: ConversationStore;
  readonly outbox: OutboxStore;
  readonly cases: CaseStore;
  readonly content: ContentStore;
  readonly staff: StaffStore;
  readonly upkeep: UpkeepStore;
}
