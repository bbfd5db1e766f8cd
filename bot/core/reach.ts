/** Nothing comes first: may we write to her now, and what waits until we may. */

import type { ConversationEvent } from "./events.ts";
import { isWithin, nextWithin, readHours } from "./hours.ts";
import type { Held } from "./state.ts";
import { count, effect, flush, newMessageId, say, type Turn, text } from "./turn.ts";

export type Wait = Pick<Held, "why" | "until">;

/** Is she plainly there: not locked, and wrote a short while ago? Only then the machine says anything unasked. */
export function isThere(turn: Turn): boolean {
  return turn.state.lock === null && isFresh(turn);
}

function isFresh(turn: Turn): boolean {
  return turn.event.at - turn.state.lastPersonAt < turn.world.settings.gap_minutes * 60_000;
}

/** Why a counsellor's words must wait now; null: they need not. */
function waitOf(turn: Turn): Wait | null {
  const { state, event, world } = turn;
  if (state.lock !== null) return { why: "locked", until: null };
  if (isFresh(turn)) return null;
  const closes = state.lastPersonAt + (world.channel.replyWindowMs ?? Number.POSITIVE_INFINITY);
  if (event.at >= closes) return { why: "window", until: null };
  const hours = readHours(state.remembered.safe_hours ?? "");
  if (hours === null || isWithin(hours, event.at)) return null;
  const until = nextWithin(hours, event.at);
  return until !== null && until >= closes ? { why: "window", until: null } : { why: "hours", until };
}

type Came = Extract<ConversationEvent, { type: "case_claimed" | "counsellor_wrote" }>;

/** A counsellor joined: said while she is there, else before his or her first words. */
export function joined(turn: Turn, event: Came): void {
  turn.state.held = turn.state.held.filter((h) => h.kind !== "joined");
  if (isThere(turn)) say(turn, text(turn, "counsellor.joined", { alias: event.alias }));
  else
    hold(turn, {
      kind: "joined",
      text: "",
      alias: event.alias,
      at: event.at,
      why: turn.state.lock ? "locked" : "first",
      until: null,
    });
}

/** A counsellor's words: sent, or held with the reason and the time, which the desk shows. */
export function replied(turn: Turn, event: Extract<Came, { type: "counsellor_wrote" }>): void {
  const reply = { kind: "reply", text: event.text, alias: event.alias, at: event.at } as const;
  const wait = waitOf(turn);
  hold(turn, { ...reply, ...(wait ?? { why: "first", until: null }) });
  if (!wait) return deliver(turn);
  effect(turn, {
    type: "audit",
    action: "reply_held",
    detail: wait.until === null ? wait.why : `${wait.why} ${new Date(wait.until).toISOString()}`,
  });
  if (wait.until !== null) setTimer(turn, wait.until);
}

/** The hour has come, if nothing has changed meanwhile. */
export function heldDue(turn: Turn): void {
  const { state } = turn;
  if (!state.held.some((h) => h.kind === "reply")) return;
  const wait = waitOf(turn);
  if (!wait) return deliver(turn);
  state.held = state.held.map((h) => ({ ...h, ...wait }));
  if (wait.until !== null) setTimer(turn, wait.until);
}

/** What waited for her private word may come. */
export function knownToBeHer({ state }: Turn): void {
  state.held = state.held.map((h) => (h.why === "locked" ? { ...h, why: "first" } : h));
}

/** She is there and known: what waited comes now; where danger opened the gate, not what waits for her private word. */
export function release(turn: Turn): void {
  const { state } = turn;
  if (state.lock !== null) return;
  const isForHer = (h: Held) => h.kind === "reply" && h.why === "locked" && state.own.private !== null;
  const held = state.held.filter((h) => !isForHer(h));
  if (held.length === 0) return;
  state.held = state.held.filter(isForHer);
  effect(turn, { type: "cancel_timer", timer: "held" });
  for (const one of held) {
    if (one.kind === "joined") say(turn, text(turn, "counsellor.joined", { alias: one.alias }));
    else send(turn, one.text);
  }
}

/** The case went to somebody else: who came before is no news any more. */
export function dropJoined(turn: Turn): void {
  turn.state.held = turn.state.held.filter((h) => h.kind !== "joined");
}

/** With a private word, after a pause only a harmless line comes; the words themselves wait behind the gate. */
function deliver(turn: Turn): void {
  const { state } = turn;
  if (isFresh(turn)) return release(turn);
  say(turn, text(turn, "after_pause"));
  if (state.own.private === null) return release(turn);
  state.lock = "gap";
  state.gate = { askedAt: 0, wrong: 0 };
  state.held = state.held.map((h) => ({ ...h, why: "locked", until: null }));
  effect(turn, { type: "audit", action: "reply_held", detail: "locked" });
}

function hold(turn: Turn, held: Held): void {
  turn.state.held = [...turn.state.held, held];
}

/** After a pause the line before it and the words are one message: the first line is what a lock screen shows. */
function send(turn: Turn, words: string): void {
  const first = isFresh(turn) ? "" : turn.saying.texts.splice(0).join("\n\n");
  flush(turn);
  count(turn, "counsellor_reply");
  effect(turn, {
    type: "send_message",
    message: {
      id: newMessageId(turn),
      from: "counsellor",
      text: first === "" ? words : `${first}\n\n${words}`,
      choices: [],
      safety: false,
      sensitive: true,
    },
  });
}

function setTimer(turn: Turn, dueAt: number): void {
  effect(turn, { type: "set_timer", timer: "held", dueAt, token: turn.event.id });
}
