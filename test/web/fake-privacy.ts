/** The real room of personal data over an audit trail in memory. */

import type { Parts } from "../../bot/app/parts.ts";
import { makePrivacy } from "../../bot/app/privacy.ts";
import { REQUESTS } from "../../bot/app/rights.ts";
import type { AuditLine } from "../../bot/ports/store.ts";

const RETENTION = {
  closed_transcript_hours: 24,
  idle_conversation_days: 30,
  handled_events_hours: 24,
  left_hours: 24,
};

export function fakePrivacy(now: () => number = Date.now) {
  const trail: AuditLine[] = [
    {
      at: now() - 3_600_000,
      actor: "person",
      action: "request_opened",
      subject: REQUESTS,
      detail: "K7M2QF access 2020-01-03 2020-01-15",
    },
  ];
  let n = 0;
  const parts = {
    store: {
      upkeep: {
        audit: async (line: AuditLine) => void trail.unshift(line),
        auditTrail: async (_: number, subject?: string) => trail.filter((l) => l.subject === subject),
      },
    },
    clock: {
      now,
      newId: () => {
        n += 1;
        return `id-breach-b${String(n).padStart(5, "0")}`;
      },
    },
    library: {
      base: () => ({
        settings: { retention: RETENTION, rights: { version: "2026-11-22", breach_hours: 72 } },
      }),
    },
  };
  // Only what this room asks of them is there.
  return { privacy: makePrivacy(parts as unknown as Pick<Parts, "store" | "clock" | "library">), trail };
}
