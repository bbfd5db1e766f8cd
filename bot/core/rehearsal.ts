/** Plays a conversation through `step` with a clock that is moved by hand: for talks, the simulator and the terminal. */

import { step } from "./conversation.ts";
import type { Effect } from "./effects.ts";
import type { ConversationEvent, EventBody } from "./events.ts";
import type { CaseId, EventId } from "./ids.ts";
import { LEVELS, type Level } from "./level.ts";
import type { Choice, Content, Lang, MediaKind, Outbound } from "./message.ts";
import { MASK } from "./own-words.ts";
import { newState, type State } from "./state.ts";
import type { TalkStep } from "./talk.ts";
import { optionsOf, pick } from "./understand.ts";
import type { World } from "./world.ts";

export interface Rehearsal {
  readonly world: World;
  now: number;
  state: State;
  onDuty: number;
  timers: Map<string, { dueAt: number; token: string }>;
  /** Everything given to `step`, for replay. */
  readonly events: ConversationEvent[];
  made: number;
  /** The answers of all messages, the newest last: their buttons stay on the phone. */
  readonly shown: Choice[];
  /** What a language model was asked last and has not answered. */
  asked: Extract<Effect, { type: "ask_model" }> | null;
}

/** What one move brought about. */
export interface Moved {
  readonly sent: readonly Outbound[];
  readonly effects: readonly Effect[];
}

export function beginRehearsal(world: World, startsAt: number, lang: Lang): Rehearsal {
  return {
    world,
    now: startsAt,
    state: newState(lang),
    onDuty: 0,
    timers: new Map(),
    events: [],
    made: 0,
    shown: [],
    asked: null,
  };
}

/** Gives one event to `step`. State goes through JSON first: persistence is proven by every talk. */
export function give(r: Rehearsal, body: EventBody, more = false): Moved {
  r.made += 1;
  const event: ConversationEvent = {
    ...body,
    id: `e${r.made}` as EventId,
    at: r.now,
    desk: { onDuty: r.onDuty, ahead: 0 },
    ...(more ? { more } : {}),
  };
  r.events.push(event);
  const decision = step(JSON.parse(JSON.stringify(r.state)), event, r.world);
  r.state = decision.state;
  for (const e of decision.effects) {
    if (e.type === "set_timer") r.timers.set(e.timer, { dueAt: e.dueAt, token: e.token });
    if (e.type === "cancel_timer") r.timers.delete(e.timer);
    if (e.type === "ask_model") r.asked = e;
  }
  const sent = decision.effects.flatMap((e) => (e.type === "send_message" ? [e.message] : []));
  r.shown.push(...sent.flatMap((m) => m.choices).filter((c) => c.kind === "answer"));
  return { effects: decision.effects, sent };
}

export function says(r: Rehearsal, content: Content, more = false): Moved {
  r.now += 1_000;
  return give(r, { type: "message_received", content }, more);
}

/** A tap on a choice of the last message by its label, or on the newest old button of that name; null: there is none. */
export function taps(r: Rehearsal, label: string): Moved | null {
  const choice = choiceOf(r.state.offered, label) ?? r.shown.findLast((c) => c.label === label);
  return choice ? says(r, { kind: "choice", value: choice.value }) : null;
}

function choiceOf(offered: readonly Choice[], label: string): Choice | undefined {
  const exact = offered.find((c) => c.label === label);
  return exact ?? offered.find((c) => c.value === pick(optionsOf(offered), label));
}

/** Moves the clock; timers fire in order at their own times. */
export function passes(r: Rehearsal, ms: number): Moved {
  const until = r.now + ms;
  const all: Moved[] = [];
  for (;;) {
    const due = [...r.timers].filter(([, t]) => t.dueAt <= until).sort((a, b) => a[1].dueAt - b[1].dueAt)[0];
    if (!due) break;
    r.timers.delete(due[0]);
    r.now = Math.max(r.now, due[1].dueAt);
    all.push(give(r, { type: "timer_due", timer: due[0], token: due[1].token }));
  }
  r.now = until;
  return { sent: all.flatMap((m) => m.sent), effects: all.flatMap((m) => m.effects) };
}

/** What the desk does in a talk; null: the words cannot be read or no case is open. */
export function deskDoes(r: Rehearsal, verb: string, rest: string): Moved | null {
  r.now += 1_000;
  if (verb === "duty") {
    r.onDuty = Number(rest);
    return { sent: [], effects: [] };
  }
  if (verb === "model") return modelSays(r, rest);
  const caseId = r.state.case?.id as CaseId | undefined;
  if (!caseId) return null;
  const alias = r.state.case?.alias ?? "Tư vấn viên";
  switch (verb) {
    case "claim":
      return give(r, { type: "case_claimed", caseId, alias: rest });
    case "write":
      return give(r, { type: "counsellor_wrote", caseId, alias, text: rest });
    case "release":
      return give(r, { type: "case_released", caseId });
    case "close":
      return give(r, { type: "case_closed", caseId, outcome: rest });
    case "level": {
      const [level, ...reason] = rest.split(" ");
      const known = LEVELS.find((l): l is Level => l === level);
      return known ? give(r, { type: "level_set", caseId, level: known, reason: reason.join(" ") }) : null;
    }
    default:
      return null;
  }
}

/** The model answers what it was asked, also when that is long settled; null: it was never asked. */
function modelSays(r: Rehearsal, words: string): Moved | null {
  if (!r.asked) return null;
  return give(r, {
    type: "model_answered",
    requestId: r.asked.requestId,
    passages: r.asked.passages.map((p) => p.id),
    answer:
      words === "away" ? { ok: false, code: "timeout" } : { ok: true, text: words.replaceAll("\\n", "\n") },
  });
}

/** One written line of a talk as a move; null: it cannot be done here (no such button, no case). */
export function move(r: Rehearsal, line: TalkStep): Moved | null {
  switch (line.kind) {
    case "says":
      return says(r, { kind: "text", text: line.text }, line.more);
    case "taps":
      return taps(r, line.label);
    case "media": {
      if (line.media === "late") return saysLate(r, line.caption);
      const other = otherContent(line.media, line.caption);
      if (other) return says(r, other);
      return says(r, {
        kind: "media",
        media: line.media as MediaKind,
        ...(line.caption ? { caption: line.caption } : {}),
      });
    }
    case "passes":
      return passes(r, line.ms);
    case "desk":
      return deskDoes(r, line.verb, line.rest);
    case "restart":
      r.state = JSON.parse(JSON.stringify(r.state));
      return { sent: [], effects: [] };
    default:
      return { sent: [], effects: [] };
  }
}

/** `> {late} 6h WORDS`: what she wrote so long ago comes only now. */
function saysLate(r: Rehearsal, caption: string): Moved | null {
  const [, n, unit, text] = /^(\d+)([mh]) (.+)$/.exec(caption) ?? [];
  if (n === undefined || text === undefined) return null;
  r.now += 1_000;
  const writtenAt = r.now - Number(n) * (unit === "h" ? 3_600_000 : 60_000);
  return give(r, { type: "message_received", content: { kind: "text", text }, writtenAt });
}

/** `> {left}` and its like: what a person does without words of her own. */
function otherContent(kind: string, text: string): Content | null {
  switch (kind) {
    case "left":
    case "withdrawn":
    case "unreadable":
      return { kind };
    case "arrived":
      return text ? { kind, text } : { kind };
    case "edited":
      return { kind, text };
    case "other_voice":
      return text ? { kind, text } : { kind };
    default:
      return null;
  }
}

/** An effect in the words of a talk ("case emergency", "page", "timer case_waits"); null: not one that talks show. */
export function describeEffect(e: Effect): string | null {
  switch (e.type) {
    case "open_case":
      return `case ${e.level}`;
    case "raise_case":
      return `raise ${e.level}`;
    case "mark_case":
      return `mark ${e.mark}`;
    case "page":
      return `page ${e.level}`;
    case "set_timer":
      return `timer ${e.timer}`;
    case "wipe_chat":
      return "wipe";
    case "end_session":
      return "end";
    case "forget":
      return "forget";
    case "note_unanswered":
      return "unanswered";
    case "ask_model":
      return "ask_model";
    case "show_typing":
      return "typing";
    case "audit":
      return `audit ${e.action} ${e.detail}`.trim();
    case "request":
      return `request ${e.kind}`;
    case "keep_message":
      return e.text === MASK ? "masked" : null;
    default:
      return null;
  }
}

/** Our message in talk form: its text on one line, then its buttons. */
export function describeMessage(message: Outbound): string {
  const buttons = message.choices.map((c) => `[${c.label}]`).join(" ");
  return `< ${message.text.replaceAll("\n", " ⏎ ")}${buttons ? `  ${buttons}` : ""}`;
}
