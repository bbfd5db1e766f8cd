/** Keeps a few webhooks as they came, sealed and for minutes, when an operator asks for it: to settle how they are signed. */

import type { ChannelName } from "../core/message.ts";
import type { WebhookRequest } from "../ports/channel.ts";
import type { Parts } from "./parts.ts";

/** The switch goes out by itself. */
export const MAX_CAPTURE_MINUTES = 60;
/** A stranger who posts nonsense meanwhile must not take the place of the real one. */
const MAX_EVENTS = 5;
const MAX_BODY = 64 * 1024;
/** How long a process believes that the switch is as it last saw it. */
const LOOK_EVERY_MS = 5_000;
const MAX_TRIES = 5;

export interface CapturedEvent {
  readonly headers: Readonly<Record<string, string>>;
  /** The very bytes. */
  readonly body: Uint8Array;
}

interface Kept {
  readonly until: number;
  readonly events: readonly { readonly headers: Record<string, string>; readonly body: string }[];
}

type Needs = Pick<Parts, "store" | "vault" | "clock">;

const secretName = (channel: ChannelName) => `capture.${channel}`;

/** Switches it on; what was kept before is gone. */
export async function openCapture(needs: Needs, channel: ChannelName, minutes: number): Promise<void> {
  const until = needs.clock.now() + minutes * 60_000;
  await change(needs, channel, () => ({ until, events: [] }));
}

/** Switches it off and erases what was kept. */
export async function closeCapture(needs: Needs, channel: ChannelName): Promise<void> {
  await change(needs, channel, (kept) => (kept ? { until: 0, events: [] } : null));
}

/** What was kept; what is past its time is erased instead. */
export async function captured(needs: Needs, channel: ChannelName): Promise<readonly CapturedEvent[]> {
  const kept = (await read(needs, channel)).kept;
  if (kept && kept.until <= needs.clock.now()) {
    if (kept.events.length > 0) await closeCapture(needs, channel);
    return [];
  }
  return (kept?.events ?? []).map(({ headers, body }) => ({ headers, body: Buffer.from(body, "base64") }));
}

export interface Capture {
  /** Keeps the request if the switch is on. Never throws: it must not stand in a message's way. */
  offer(channel: ChannelName, request: WebhookRequest): Promise<void>;
}

export function makeCapture(needs: Needs): Capture {
  const seen = new Map<ChannelName, { at: number; until: number }>();
  return {
    async offer(channel, request) {
      try {
        const now = needs.clock.now();
        const last = seen.get(channel);
        if (last && now - last.at < LOOK_EVERY_MS && last.until <= now) return;
        const kept = (await read(needs, channel)).kept;
        seen.set(channel, { at: now, until: kept?.until ?? 0 });
        if (!kept) return;
        if (kept.until > now) await keep(needs, channel, request);
        else if (kept.events.length > 0) await closeCapture(needs, channel);
      } catch {
        // Whoever waits for it sees that nothing was kept.
      }
    },
  };
}

async function keep(needs: Needs, channel: ChannelName, { headers, body }: WebhookRequest): Promise<void> {
  if (body.length === 0 || body.length > MAX_BODY) return;
  const own = Object.entries(headers).flatMap(([name, value]) =>
    // The platform's own; who relayed it is nobody's business here.
    name.startsWith("x-") && !/^x-(forwarded|real)/.test(name) && value !== undefined ? [[name, value]] : [],
  );
  const event = { headers: Object.fromEntries(own), body: Buffer.from(body).toString("base64") };
  await change(needs, channel, (kept) =>
    kept && kept.until > needs.clock.now()
      ? { ...kept, events: [...kept.events, event].slice(-MAX_EVENTS) }
      : null,
  );
}

async function read({ store, vault }: Needs, channel: ChannelName) {
  const name = secretName(channel);
  const found = await store.upkeep.getSecret(name);
  return {
    kept: found ? (JSON.parse(vault.openOwn(name, found.sealed)) as Kept) : null,
    version: found?.version ?? null,
  };
}

/** `make` gives null where nothing is to be changed. */
async function change(
  needs: Needs,
  channel: ChannelName,
  make: (kept: Kept | null) => Kept | null,
): Promise<void> {
  const name = secretName(channel);
  for (let n = 0; n < MAX_TRIES; n += 1) {
    const { kept, version } = await read(needs, channel);
    const next = make(kept);
    if (!next) return;
    const sealed = needs.vault.sealOwn(name, JSON.stringify(next));
    if (await needs.store.upkeep.putSecret(name, sealed, version)) return;
  }
}
