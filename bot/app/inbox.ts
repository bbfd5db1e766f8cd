/** Persist, then 200: takes what a channel read and puts it on disk, sealed, each platform event once. */

import type { EventBody } from "../core/events.ts";
import type { ConversationId, EventId } from "../core/ids.ts";
import { type Inbound, LANGS } from "../core/message.ts";
import type { ArrivalLease, ConversationHead, NewEvent } from "../ports/store.ts";
import { envelope } from "./contexts.ts";
import { withoutOwnEchoes } from "./echoes.ts";
import type { ForumDesk } from "./forum.ts";
import type { DecidingPlace } from "./handle.ts";
import type { Parts } from "./parts.ts";

/** A conversation can be forgotten or begun by another process between look-up and write, but not for ever. */
const MAX_TRIES = 5;

type Needs = Pick<
  Parts,
  "store" | "vault" | "bus" | "clock" | "log" | "channels" | "watch" | "atOnce" | "heads"
>;

/** What a channel read: people's messages into the inbox, what staff wrote in the forum to the desk. */
export async function receive(
  parts: Needs,
  forum: ForumDesk | null,
  inbound: readonly Inbound[],
): Promise<void> {
  const { posts = [], messages = [] } = Object.groupBy(inbound, (m) =>
    m.content.kind === "staff_post" ? "posts" : "messages",
  );
  await takeIn(parts, messages);
  await forum?.take(posts);
}

/** Resolves when everything is on disk; rejects when the store cannot take it, so that the platform sends again. */
export async function takeIn(parts: Needs, inbound: readonly Inbound[]): Promise<void> {
  // One after the other within an address: order of arrival is order of deciding.
  const byAddress = Map.groupBy(inbound, (m) => `${m.channel}\n${m.address}`);
  const waits = await Promise.all([...byAddress.values()].map((messages) => takeFrom(parts, messages)));
  if (waits.includes(true)) parts.bus.call("inbox");
  for (const [name, group] of Map.groupBy(inbound, (m) => m.channel)) parts.watch?.came(name, group.length);
}

/** Of one address; does something wait to be decided by whoever is free? */
async function takeFrom(parts: Needs, messages: readonly Inbound[]): Promise<boolean> {
  const [first] = messages;
  if (!first) return false;
  const place = parts.atOnce?.place() ?? null;
  let isTaken = false;
  try {
    const came = await put(parts, first, messages, place);
    if (came === null || came.fresh.length === 0) return false;
    if (!place || !came.lease) return true;
    isTaken = true;
    place.take(
      { ...came.head, ...came.lease },
      came.fresh.map(({ id, at, body }) => ({ id, at, body, failures: 0 })),
      first.address,
    );
    return false;
  } finally {
    if (!isTaken) place?.free();
  }
}

/** What was put on disk; null: all were echoes of our own. */
interface Came {
  readonly head: ConversationHead;
  /** Those that were not there before. */
  readonly fresh: readonly Sealing[];
  readonly lease: ArrivalLease | undefined;
}

async function put(
  parts: Needs,
  first: Inbound,
  messages: readonly Inbound[],
  place: DecidingPlace | null,
): Promise<Came | null> {
  const { store, vault, clock, heads, log } = parts;
  const pseudonym = vault.pseudonym(first.channel, first.address);
  for (let n = 0; n < MAX_TRIES; n += 1) {
    const found = heads?.get(pseudonym, clock.now()) ?? (await store.conversations.find(pseudonym));
    const theirs = await withoutOwnEchoes(parts, found, messages);
    if (theirs.length === 0) return null;
    // Refused, her message would come again and again, until the platform takes the webhook away from everybody.
    const known = found && opens(parts, found) ? found : null;
    if (found && !known) log("error", "key_unreadable", { conversation: found.id });
    const instead = found && !known ? { instead: found.id } : {};
    const head = known ?? newConversation(parts, first);
    const events = theirs.map((m) => sealedEvent(parts, head, m));
    const result = await store.conversations.receive({
      pseudonym,
      channel: first.channel,
      conversationId: head.id,
      events: events.map(({ body: _, ...event }) => event),
      ...(known
        ? {}
        : { create: { wrappedKey: head.wrappedKey, sealedAddress: head.sealedAddress, ...instead } }),
      ...(place && events.length <= place.maxEvents ? { lease: place.lease } : {}),
    });
    if (!result.ok) {
      heads?.drop(pseudonym);
      continue;
    }
    // A redelivery is taken without a look at whose it is.
    if (result.fresh.length > 0) heads?.put(pseudonym, head, clock.now());
    const ids = new Set(result.fresh);
    return { head, fresh: events.filter(({ id }) => ids.has(id)), lease: result.lease };
  }
  throw new Error("the conversation kept changing hands while a message was taken in");
}

/** Can anything be sealed for it? */
function opens({ vault }: Needs, { id, wrappedKey, sealedAddress }: ConversationHead): boolean {
  try {
    envelope(vault, wrappedKey).address.open(id, sealedAddress);
    return true;
  } catch {
    return false;
  }
}

function newConversation({ vault, clock }: Needs, from: Inbound): ConversationHead {
  const id = clock.newId() as ConversationId;
  const wrappedKey = vault.newKey();
  return {
    id,
    channel: from.channel,
    wrappedKey,
    sealedAddress: envelope(vault, wrappedKey).address.seal(id, from.address),
  };
}

/** An event with what it says. */
type Sealing = NewEvent & { readonly body: EventBody };

function sealedEvent({ vault, clock }: Needs, head: ConversationHead, message: Inbound): Sealing {
  const id = clock.newId() as EventId;
  const lang = LANGS.find((l) => message.langHint?.toLowerCase().startsWith(l));
  const body: EventBody = {
    type: "message_received",
    content: message.content,
    ...(message.platformRef ? { platformRef: message.platformRef } : {}),
    ...(lang ? { langHint: lang } : {}),
    writtenAt: message.at,
  };
  return {
    id,
    dedupeKey: message.key,
    // Our own time: a platform's clock may be wrong or its delivery hours late, and gaps are measured by this.
    at: clock.now(),
    sealed: envelope(vault, head.wrappedKey).event.seal(id, body),
    body,
  };
}
