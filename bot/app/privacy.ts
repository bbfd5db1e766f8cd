/** What an administrator must see of personal data: how long each kind is kept, who asked for what, what was breached. */

import { may } from "../core/access.ts";
import { markBreach, readBreaches, recordBreach } from "./breaches.ts";
import type { Parts } from "./parts.ts";
import { refuse } from "./refusals.ts";
import { markRequest, openRequests } from "./rights.ts";
import type { Answer, Privacy, Staff } from "./services.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A clock that runs a little ahead in the browser is no reason to refuse. */
const AHEAD_MS = 5 * 60_000;

export function makePrivacy(parts: Pick<Parts, "store" | "clock" | "library">): Privacy {
  const { clock, library } = parts;
  return {
    async overview(by) {
      if (!mayManage(by)) return refuse("forbidden");
      const { retention, rights } = library.base().settings;
      const [requests, breaches] = await Promise.all([openRequests(parts), readBreaches(parts)]);
      return {
        ok: true,
        clocks: [
          { kind: "transcript", keptMs: retention.closed_transcript_hours * HOUR_MS },
          { kind: "idle", keptMs: retention.idle_conversation_days * DAY_MS },
          { kind: "left", keptMs: retention.left_hours * HOUR_MS },
          { kind: "handled", keptMs: retention.handled_events_hours * HOUR_MS },
        ],
        version: rights.version,
        requests,
        breaches,
      };
    },
    async markRequest(by, code, act) {
      if (!mayManage(by)) return refuse("forbidden");
      return (await markRequest(parts, code, act, by.login))
        ? { ok: true }
        : refuse("not_found", "there is no open request with this code");
    },
    async recordBreach(by, told): Promise<Answer<{ code: string }>> {
      if (!mayManage(by)) return refuse("forbidden");
      if (told.discoveredAt > clock.now() + AHEAD_MS)
        return refuse("bad_request", "the time of discovery lies in the future");
      return { ok: true, code: await recordBreach(parts, by.login, told) };
    },
    async markBreach(by, code, step) {
      if (!mayManage(by)) return refuse("forbidden");
      return (await markBreach(parts, by.login, code, step))
        ? { ok: true }
        : refuse("not_found", "there is no breach with this code, or this step was marked before");
    },
  };
}

function mayManage(by: Staff): boolean {
  return may(by.roles, "manage_privacy");
}
