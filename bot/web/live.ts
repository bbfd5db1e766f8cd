/** Server-sent events: look, send what is new, wait for a wake-up (or a while, because a wake-up may be lost), look again. */

import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Topic } from "../ports/bus.ts";

/** Looks at least this often, wake-up or not. */
const LOOK_EVERY_MS = 5_000;
/** While there is no topic to be woken by yet, it looks more often. */
const LOOK_UNWOKEN_MS = 400;
/** A stream ends after this long and the browser comes back: nothing half-dead stays open for ever. */
const MAX_STREAM_MS = 10 * 60_000;
/** Open streams of one session (tabs); the next is refused and its page falls back to polling. */
const MAX_PER_OWNER = 6;
/** How soon the browser tries again. */
const RETRY_MS = 2_000;

export interface LiveEvent {
  readonly event: string;
  readonly data: unknown;
  /** Given back by the browser as Last-Event-ID. */
  readonly id?: string;
}

export interface Looked {
  readonly events: readonly LiveEvent[];
  readonly done?: boolean;
  /** There is more already: it is looked again at once. */
  readonly again?: boolean;
  readonly topic?: Topic | null;
}

export interface LiveView {
  /** Whose stream: a hash, for the cap. */
  readonly owner: string;
  readonly topics: readonly Topic[];
  readonly subscribe: (topic: Topic, listener: () => void) => () => void;
  /** What is new since the last look. `done`: nothing more will come. `topic`: wakes the next looks too. */
  readonly look: () => Promise<Looked>;
  readonly onBug: (error: unknown) => void;
}

const openStreams = new Map<string, number>();

/** Streams until the browser goes, the view is done or the time is over; null: too many are open already. */
export function stream(c: Context, view: LiveView): Response | null {
  // Who asks for the head alone reads no line: the stream would wait for a reader for ever, and count as open.
  if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream" });
  const open = openStreams.get(view.owner) ?? 0;
  if (open >= MAX_PER_OWNER) return null;
  openStreams.set(view.owner, open + 1);
  c.header("X-Accel-Buffering", "no");
  const response = streamSSE(c, async (sse) => {
    const bell = makeBell();
    const heard = new Map(view.topics.map((topic) => [topic, view.subscribe(topic, bell.ring)]));
    sse.onAbort(bell.ring);
    const endAt = Date.now() + MAX_STREAM_MS;
    try {
      // Names the pause at once, so that a page knows the stream is alive before the first line comes.
      await sse.writeSSE({ event: "ready", data: "{}", retry: RETRY_MS });
      while (!sse.aborted && !sse.closed && Date.now() < endAt) {
        const { events, done, again, topic } = await view.look();
        if (topic && !heard.has(topic)) {
          heard.set(topic, view.subscribe(topic, bell.ring));
          // Something may have come between the look and this line.
          bell.ring();
        }
        for (const e of events) {
          await sse.writeSSE({ event: e.event, data: JSON.stringify(e.data), ...(e.id ? { id: e.id } : {}) });
        }
        if (done) break;
        if (again) continue;
        // A sign of life keeps proxies from closing, finds out that the browser has gone, and tells a browser whose line
        // died without being closed that it hears nothing any more (a comment would be hidden from its script).
        if (events.length === 0) await sse.writeSSE({ event: "beat", data: "{}" });
        await bell.wait(heard.size > 0 ? LOOK_EVERY_MS : LOOK_UNWOKEN_MS);
      }
    } catch (error) {
      view.onBug(error);
    } finally {
      for (const stop of heard.values()) stop();
      const left = (openStreams.get(view.owner) ?? 1) - 1;
      if (left > 0) openStreams.set(view.owner, left);
      else openStreams.delete(view.owner);
    }
  });
  response.headers.set("Cache-Control", "no-store");
  return response;
}

/** A bell that remembers being rung while nobody waited. */
function makeBell(): { ring: () => void; wait: (ms: number) => Promise<void> } {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      wake?.();
    },
    wait: (ms) =>
      new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          wake = null;
          rung = false;
          resolve();
        };
        const timer = setTimeout(finish, ms);
        wake = finish;
        if (rung) finish();
      }),
  };
}

/** The last number that the browser has: from Last-Event-ID, else from `?after=`; 0 when neither is a number. */
export function lastSeen(c: Context): number {
  const raw = c.req.header("last-event-id") ?? c.req.query("after") ?? "0";
  const n = Number(raw);
  return Number.isSafeInteger(n) && n > 0 ? n : 0;
}
