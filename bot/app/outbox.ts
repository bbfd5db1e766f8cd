/** Delivers what was committed, in order within a chat, until it is delivered or declared undeliverable. */

import { errorKind } from "../core/error-kind.ts";
import type { EventBody } from "../core/events.ts";
import { fitTo } from "../core/fit.ts";
import type { EventId } from "../core/ids.ts";
import type { ChannelName, Outbound } from "../core/message.ts";
import type { Channel, SendResult } from "../ports/channel.ts";
import type { Limits } from "../ports/limits.ts";
import type { OutboxItem, Settlement } from "../ports/store.ts";
import { type Envelope, envelope, openedRefs, type SealedLine } from "./contexts.ts";
import { makePacer, type Pacer } from "./pacing.ts";
import type { Parts } from "./parts.ts";

/** How long a process holds what it sends before another may take it over; as long as it sends it renews that. */
const LEASE_MS = 15_000;
const RENEW_MS = 4_000;
/** How soon a store that did not take what came of a send is told again. */
const SETTLE_AGAIN_MS = 500;
/** How many sends of one channel are on their way at a time. */
const BATCH = 64;
/** After this the other chats no longer wait for a send that hangs. */
const SLOW_MS = 200;
/** Waits after the first attempt, the second and so on; then the longest is repeated until the message is too old. */
const LADDER_MS = [1_000, 2_000, 5_000, 15_000, 60_000, 300_000];
const LONGEST_WAIT_MS = 900_000;
const MAX_WIPES = 3;
/** A channel that refuses all is tried again this soon at the latest: an operator may have mended it. */
const MAX_PAUSE_MS = 60_000;

export interface Courier {
  /** Sends what is due; returns how many items were taken up. Slow ones go on by themselves. */
  work(): Promise<number>;
  /** A place for one message that is leased as it is committed; null: none is free, or the channel rests. */
  place(channel: ChannelName): SendingPlace | null;
  /** Gives no more places; resolves when nothing is on its way any more. */
  rest(): Promise<void>;
}

/** To be used once, or freed. */
export interface SendingPlace {
  /** Until when the item is leased, epoch ms. */
  readonly until: number;
  send(item: OutboxItem, plain: Plain): void;
  free(): void;
}

/** What whoever hands an item over knows of it anyway. */
interface Plain {
  readonly line: SealedLine;
  readonly address: string | undefined;
}

/** `limits`: the sending lines. `isPaced`: are this channel's own rates kept? `handed`: told of each item that was handed over. */
export function makeCourier(
  parts: Parts,
  owner: string,
  limits: Pick<Limits, "reserve">,
  isPaced: (channel: ChannelName) => boolean = () => true,
  handed: () => void = () => {},
): Courier {
  const pacer = makePacer(parts.clock, limits, isPaced);
  const going = new Set<Promise<void>>();
  const taken = new Map<ChannelName, number>();
  let isResting = false;
  const count = (channel: ChannelName, by: 1 | -1) => void taken.set(channel, (taken.get(channel) ?? 0) + by);
  // A platform that hangs fills its own places only: the other channels go on.
  const isFree = (channel: ChannelName) =>
    (taken.get(channel) ?? 0) < BATCH && !pacer.isPaused(channel, parts.clock.now());
  const start = (item: OutboxItem, until: number, plain?: Plain) => {
    const sending = deliver(parts, pacer, item, until, plain).finally(() => {
      going.delete(sending);
      count(item.channel, -1);
    });
    going.add(sending);
    return sending;
  };
  return {
    async work() {
      const free = [...parts.channels.keys()].filter(isFree);
      if (free.length === 0) {
        await soon(parts, Promise.race(going));
        return going.size > 0 ? 1 : 0;
      }
      const now = parts.clock.now();
      const items = await parts.store.outbox.lease({
        owner,
        now,
        forMs: LEASE_MS,
        limit: BATCH,
        channels: free,
      });
      for (const { channel } of items) count(channel, 1);
      if (items.length === BATCH) parts.bus.call("outbox");
      if (items.length > 0) await soon(parts, Promise.all(items.map((i) => start(i, now + LEASE_MS))));
      return items.length;
    },
    place(channel) {
      if (isResting || !isFree(channel)) return null;
      count(channel, 1);
      const until = parts.clock.now() + LEASE_MS;
      return {
        until,
        send(item, plain) {
          handed();
          void start(item, until, plain);
        },
        free: () => count(channel, -1),
      };
    },
    async rest() {
      isResting = true;
      pacer.end();
      await Promise.all(going);
    },
  };
}

/** When the work is done, but no later than when it counts as slow. */
async function soon({ clock }: Parts, work: Promise<unknown>): Promise<void> {
  let cancel = () => {};
  const slow = new Promise<void>((resolve) => {
    cancel = clock.after(SLOW_MS, resolve);
  });
  await Promise.race([work, slow]);
  cancel();
}

async function deliver(
  parts: Parts,
  pacer: Pacer,
  item: OutboxItem,
  until: number,
  plain?: Plain,
): Promise<void> {
  const channel = parts.channels.get(item.channel);
  if (!channel) return;
  const hold = keep(parts, item, until);
  try {
    const box = envelope(parts.vault, item.wrappedKey);
    const how =
      item.kind === "wipe"
        ? await wipe(parts, channel, box, item)
        : await sendOne(parts, pacer, channel, box, item, hold.isOurs, plain);
    // Before it is settled: a crash in between brings the item back, and what is told twice counts once. After it, she would
    // never be told.
    if (isMissing(how) && (await hold.isStillOurs())) await tellConversation(parts, box, item, how.code);
    hold.end();
    // Somebody else took it over while we slept: what came of it is theirs to say.
    const settled = await settle(parts, item, how, hold.isOurs);
    if (!settled) return parts.log("warn", "delivery_taken_over", { channel: item.channel });
    parts.bus.publish(`conversation:${item.id}`);
    if (settled.more) parts.bus.call("outbox");
  } catch (error) {
    // The lease lapses and the item comes back as unclear: nothing is lost, and only safety texts are sent again.
    parts.log("error", "delivery_not_settled", {
      channel: item.channel,
      error: errorKind(error),
    });
  } finally {
    hold.end();
  }
}

/**
 * What came of it is known here and nowhere else: a store that is away for a moment is told again, as long as nobody else
 * may have the item. Else what she has would count as perhaps lost, and a safety text would come twice.
 */
async function settle(
  { store, clock }: Parts,
  item: OutboxItem,
  how: Settlement,
  isOurs: () => boolean,
): Promise<false | { readonly more: boolean }> {
  for (;;)
    try {
      return await store.outbox.settle(item, how, clock.now());
    } catch (error) {
      if (isOurs()) await new Promise<void>((resolve) => void clock.after(SETTLE_AGAIN_MS, resolve));
      if (!isOurs()) throw error;
    }
}

/** She may not have it, and it is not tried again. */
function isMissing(how: Settlement): how is Extract<Settlement, { outcome: "failed" | "unclear" }> {
  return how.outcome === "failed" || how.outcome === "unclear";
}

/** Renews the lease while the send runs. `isOurs` is our own watch: after a pause it says no before anything is asked. */
function keep({ store, clock }: Parts, item: OutboxItem, until: number) {
  let [ends, isOver] = [until, false];
  let cancel = () => {};
  const later = () => {
    cancel = clock.after(RENEW_MS, () => void renew());
  };
  const renew = async () => {
    const next = clock.now() + LEASE_MS;
    // A store that is away lets nobody else take it either; then our own watch decides.
    const isKept = await store.outbox.renew(item, next).catch(() => null);
    if (isKept !== null) ends = isKept ? next : 0;
    if (!isOver && isKept !== false) later();
  };
  later();
  const isOurs = () => clock.now() < ends;
  return {
    isOurs,
    /** Asks the store where our own watch says no: after a pause it may be that nobody else has taken it. */
    isStillOurs: async () => isOurs() || (await store.outbox.renew(item, clock.now() + LEASE_MS)),
    end() {
      isOver = true;
      cancel();
    },
  };
}

async function sendOne(
  parts: Parts,
  pacer: Pacer,
  channel: Channel,
  box: Envelope,
  item: OutboxItem,
  isOurs: () => boolean,
  plain?: Plain,
): Promise<Settlement> {
  if (!item.messageId) return { outcome: "failed", code: "no_message" };
  // It may have arrived: only safety texts may come twice (design.md, outbox rule), and only once more (the store sees to that).
  if (item.unclear && !item.safety) return { outcome: "unclear", code: "unclear" };
  // So late it would be a message that comes first, to whoever holds the phone by then. She is told when she writes again.
  if (isLate(parts, item)) return { outcome: "failed", code: "too_late" };
  const {
    lang = "vi",
    text,
    choices = [],
    from = "bot",
    safety = false,
    sensitive = true,
  } = plain?.line ?? box.line.open(item.messageId, item.sealed);
  const message: Outbound = { id: item.messageId, from, text, choices, safety, sensitive };
  const address = plain?.address ?? box.address.open(item.id, item.sealedAddress);
  const pieces = fitTo(message, channel.caps).length;
  const wait = await pacer.reserve(channel.caps, item.id, pieces, safety);
  // Ended by force in the middle of the wait it would count as perhaps sent, and be lost.
  if (wait > 0 && !(await pacer.wait(wait)))
    return { outcome: "retry", at: parts.clock.now(), code: "stopping", unclear: item.unclear };
  const result = await channel
    .send(address, message, lang, isOurs)
    .catch((): SendResult => ({ ok: false, code: "threw", kind: "unclear" }));
  if (result.ok) {
    parts.watch?.sent(channel.name);
    return {
      outcome: "sent",
      ...(result.platformRef ? { sealedPlatformRef: box.ref.seal(item.id, result.platformRef) } : {}),
    };
  }
  parts.log(result.kind === "bug" || result.kind === "quota" ? "error" : "warn", "not_delivered", {
    channel: item.channel,
    cause: result.code,
    kind: result.kind,
    attempts: item.attempts,
  });
  // Somebody who blocked us, or did not write for long, says nothing about the channel.
  if (result.kind !== "gone" && result.kind !== "closed") parts.watch?.refused(channel.name);
  if (result.whole)
    pacer.pause(channel.name, parts.clock.now() + Math.min(result.afterMs ?? MAX_PAUSE_MS, MAX_PAUSE_MS));
  return settlementOf(parts, item, result);
}

function settlementOf(parts: Parts, item: OutboxItem, result: Exclude<SendResult, { ok: true }>): Settlement {
  const now = parts.clock.now();
  const wait = LADDER_MS[item.attempts] ?? LONGEST_WAIT_MS;
  switch (result.kind) {
    case "gone":
      return { outcome: "failed", code: "gone" };
    case "closed":
      return { outcome: "failed", code: "window_closed" };
    case "bug":
      return { outcome: "failed", code: result.code };
    case "unclear":
      return item.safety && !item.unclear
        ? { outcome: "retry", at: now + wait, code: result.code, unclear: true }
        : { outcome: "unclear", code: result.code };
    case "quota":
    case "retry":
      if (isLate(parts, item)) return { outcome: "failed", code: result.code };
      return {
        outcome: "retry",
        at: now + Math.max(result.afterMs ?? 0, wait),
        code: result.code,
        unclear: item.unclear,
      };
  }
}

/** After this long nobody knows any more who reads it (settings, gap); the page has no lock screen and shows only what is read there. */
function isLate({ clock, library }: Parts, item: OutboxItem): boolean {
  return item.channel !== "web" && clock.now() - item.queuedAt > library.base().settings.gap_minutes * 60_000;
}

/**
 * Newest first; what cannot be deleted stays, and she was told how to do it by hand. Only what was deleted loses its
 * platform's id: she may leave once more.
 */
async function wipe(parts: Parts, channel: Channel, box: Envelope, item: OutboxItem): Promise<Settlement> {
  if (!channel.caps.canDelete) return { outcome: "sent" };
  const youngest = parts.clock.now() - (channel.caps.deleteWindowMs ?? Number.POSITIVE_INFINITY);
  const refs = await parts.store.outbox.wipeRefs(item.id, Math.max(0, youngest));
  const ids = openedRefs(box, item.id, refs);
  const address = box.address.open(item.id, item.sealedAddress);
  const left = await channel.wipe(address, ids);
  if (left?.length === 0) return { outcome: "sent" };
  const tries = item.attempts + 1;
  const code = left ? "wipe_incomplete" : "wipe_unreached";
  parts.log("warn", code, { channel: item.channel, left: left?.length ?? ids.length, tries });
  // What follows waits behind it: a few tries, then the rest is hers to delete by hand. While the platform is away nothing
  // that follows would get through either.
  const isOver = left ? tries >= MAX_WIPES : isLate(parts, item);
  if (isOver) return { outcome: "failed", code };
  const wait = left ? tries * 1_000 : (LADDER_MS[item.attempts] ?? LONGEST_WAIT_MS);
  return { outcome: "retry", at: parts.clock.now() + wait, code, unclear: false };
}

/** The counsellor sees it in the conversation, and the core decides what it means. */
async function tellConversation(
  { store, clock, bus }: Parts,
  box: Envelope,
  item: OutboxItem,
  code: string,
): Promise<void> {
  if (!item.messageId) return;
  const id = clock.newId() as EventId;
  const body: EventBody = { type: "delivery_failed", messageId: item.messageId, code };
  await store.conversations.append(item.id, [
    { id, dedupeKey: `delivery:${item.messageId}`, at: clock.now(), sealed: box.event.seal(id, body) },
  ]);
  bus.call("inbox");
}
