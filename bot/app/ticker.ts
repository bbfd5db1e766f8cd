/** What time brings: due timers become events, old data goes when its clock runs out. */

import { errorKind } from "../core/error-kind.ts";
import type { EventBody } from "../core/events.ts";
import type { EventId } from "../core/ids.ts";
import type { UpkeepStore } from "../ports/store.ts";
import { captured } from "./capture.ts";
import { envelope } from "./contexts.ts";
import type { Parts } from "./parts.ts";

const TIMERS_AT_ONCE = 100;

type Due = Awaited<ReturnType<UpkeepStore["dueTimers"]>>[number];

/**
 * Appends due timers as events; returns how many. One that cannot be fired keeps none behind it: all of them would be
 * offered again only after a minute, and then ever later.
 */
export async function fireTimers(parts: Parts): Promise<number> {
  const { store, clock, bus, log } = parts;
  let fired = 0;
  for (const due of await store.upkeep.dueTimers(clock.now(), TIMERS_AT_ONCE)) {
    try {
      await fire(parts, due);
      fired += 1;
    } catch (error) {
      log("error", "timer_not_fired", {
        conversation: due.id,
        error: errorKind(error),
      });
    }
  }
  if (fired > 0) bus.call("inbox");
  return fired;
}

async function fire({ store, vault, clock }: Parts, { id, wrappedKey, timer, token }: Due): Promise<void> {
  const eventId = clock.newId() as EventId;
  const body: EventBody = { type: "timer_due", timer, token };
  const event = {
    id: eventId,
    // Tokens are made of the event that set the timer: a timer set again is another one.
    dedupeKey: `timer:${timer}:${token}`,
    at: clock.now(),
    sealed: envelope(vault, wrappedKey).event.seal(eventId, body),
  };
  await store.conversations.append(id, [event], { timer, token });
}

/** Forgets what is past its clock (settings, retention). */
export async function expire(parts: Parts): Promise<number> {
  const { store, clock, library, log, channels } = parts;
  // By itself it would go with the next webhook, which may never come. What does not open is readable to nobody.
  for (const name of channels.keys()) await captured(parts, name).catch(() => []);
  const { retention } = library.base().settings;
  const handledEventsMs = retention.handled_events_hours * 3_600_000;
  // What the platform lets us delete needs its id for as long as that.
  const windows = [...channels.values()].map(({ caps }) => (caps.canDelete ? (caps.deleteWindowMs ?? 0) : 0));
  const n = await store.upkeep.expire({
    now: clock.now(),
    handledEventsMs,
    platformRefsMs: Math.max(handledEventsMs, ...windows),
    closedTranscriptMs: retention.closed_transcript_hours * 3_600_000,
    idleConversationMs: retention.idle_conversation_days * 86_400_000,
  });
  if (n > 0) log("info", "expired", { rows: n });
  return n;
}
