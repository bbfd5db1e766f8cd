/** Cases as the port shows them. */

import type { Selectable } from "kysely";
import type { CaseRow } from "../../ports/store.ts";
import type { CaseTable } from "./schema.ts";

export const CASE_COLUMNS = [
  "id",
  "code",
  "conversation_id",
  "state",
  "level",
  "level_rank",
  "topic",
  "asked",
  "lang",
  "channel",
  "opened_at",
  "level_at",
  "claimed_by",
  "claimed_at",
  "last_person_at",
  "unread",
  "awaited_since",
  "person_left",
  "closed_at",
  "outcome",
  "sealed_reasons",
  "version",
] as const;

export type StoredCase = Pick<Selectable<CaseTable>, (typeof CASE_COLUMNS)[number]>;

export function asCase(row: StoredCase): CaseRow {
  return {
    id: row.id,
    code: row.code,
    conversationId: row.conversation_id,
    state: row.state,
    level: row.level,
    topic: row.topic,
    asked: row.asked === 1,
    lang: row.lang,
    channel: row.channel,
    openedAt: row.opened_at,
    levelAt: row.level_at,
    claimedBy: row.claimed_by,
    claimedAt: row.claimed_at,
    lastPersonAt: row.last_person_at,
    unread: row.unread,
    awaitedSince: row.awaited_since,
    personLeft: row.person_left === 1,
    closedAt: row.closed_at,
    outcome: row.outcome,
    sealedReasons: row.sealed_reasons,
    version: row.version,
  };
}
