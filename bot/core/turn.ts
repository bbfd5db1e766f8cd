/** The draft of one turn: what is changed, asked for and said so far. Local to one call of `step`. */

import type { Effect, RequestKind } from "./effects.ts";
import type { ConversationEvent } from "./events.ts";
import { type CaseId, derivedId, type MessageId } from "./ids.ts";
import { atLeast, higher, type Level, type Reason, rank, WORDING } from "./level.ts";
import type { Choice } from "./message.ts";
import { type TextKey, textOf } from "./settings.ts";
import type { Consent, State } from "./state.ts";
import type { World } from "./world.ts";

/** Reasons kept with a conversation; older ones of the same category give way. */
const MAX_REASONS = 24;

export interface Turn {
  readonly event: ConversationEvent;
  readonly world: World;
  /** A copy of the state that was given: changed freely until the turn ends. */
  readonly state: State;
  readonly effects: Effect[];
  readonly saying: { texts: string[]; choices: Choice[]; phones: string[]; safety: boolean };
  made: number;
}

export function beginTurn(state: State, event: ConversationEvent, world: World): Turn {
  return {
    event,
    world,
    state: copy(state),
    effects: [],
    saying: { texts: [], choices: [], phones: [], safety: false },
    made: 0,
  };
}

/** A deep copy of plain JSON, at a fraction of what structuredClone costs. */
function copy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const made: Record<string, unknown> = {};
  for (const key in value) made[key] = copy(value[key]);
  return made as T;
}

export function effect(turn: Turn, wanted: Effect): void {
  turn.effects.push(wanted);
}

export function count(turn: Turn, name: string, labels: Record<string, string> = {}): void {
  effect(turn, {
    type: "count",
    name,
    labels: { ...labels, channel: turn.world.channel.name, lang: turn.state.lang },
  });
}

/** A text of `flows/texts.yaml` in her language. */
export function text(turn: Turn, key: TextKey, vars: Readonly<Record<string, string>> = {}): string {
  return fill(turn, textOf(turn.world.settings, key, turn.state.lang), vars);
}

/**
 * Fills `{name}`: `{phone:ID}` is a number of the directory; the rest are the vars, the operator, and her place in the
 * queue. An unknown name stays as it is: flows are checked for it before they are published.
 */
export function fill(turn: Turn, template: string, vars: Readonly<Record<string, string>> = {}): string {
  return template.replace(/\{([a-z_]+)(?::([a-z0-9-]+))?\}/g, (whole, name: string, id?: string) => {
    if (name === "phone" && id) return turn.world.services.get(id)?.phones[0]?.number ?? whole;
    if (name === "operator") return turn.world.settings.operator[turn.state.lang];
    if (name === "ahead") return String(turn.event.desk.ahead);
    if (name === "place") return text(turn, turn.event.desk.ahead === 0 ? "place.next" : "place.ahead");
    if (name === "alias") return vars.alias ?? turn.state.case?.alias ?? whole;
    if (name === "idle_days") return String(turn.world.settings.retention.idle_conversation_days);
    if (name === "safe_hours") return turn.state.remembered.safe_hours ?? text(turn, "hours.none");
    if (name === "receipt") return vars.receipt ?? turn.state.remembered.receipt ?? whole;
    if (name === "answer_days") return String(turn.world.settings.rights.answer_days);
    if (name === "wipe_hours") return String(turn.world.settings.retention.wipe_hours);
    if (name === "keep_hours") return String(turn.world.settings.retention.closed_transcript_hours);
    return vars[name] ?? whole;
  });
}

/** Adds to the one message that this turn sends: reply budgets are small (channels.md §2.4), so texts are merged. */
export function say(
  turn: Turn,
  words: string,
  more: { choices?: readonly Choice[]; phones?: readonly string[]; safety?: boolean } = {},
): void {
  if (words.trim() !== "") turn.saying.texts.push(words.trim());
  if (more.choices?.length) turn.saying.choices = [...more.choices];
  for (const phone of more.phones ?? [])
    if (!turn.saying.phones.includes(phone)) turn.saying.phones.push(phone);
  turn.saying.safety ||= more.safety ?? false;
}

/** The words that always work: numbers to call, when nothing else does. */
export function sayFallback(turn: Turn): void {
  say(turn, text(turn, "fallback"), { phones: turn.world.settings.hotlines, safety: true });
}

/** Has anything been said in this turn that is not yet a message? */
export function isSaying(turn: Turn): boolean {
  return turn.saying.texts.length > 0;
}

/** Makes one message of what was said, and remembers its choices. */
export function flush(turn: Turn): void {
  if (!isSaying(turn)) return;
  const choices = [...turn.saying.choices, ...callsOf(turn)];
  effect(turn, {
    type: "send_message",
    message: {
      id: newMessageId(turn),
      from: "bot",
      text: turn.saying.texts.join("\n\n"),
      choices,
      safety: turn.saying.safety,
      sensitive: true,
    },
  });
  // What comes by itself, while she reads, must not take the list away to which "2" is an answer.
  if (turn.event.type !== "timer_due" || turn.saying.choices.length > 0)
    turn.state.offered = turn.saying.choices;
  turn.saying.texts = [];
  turn.saying.choices = [];
  turn.saying.phones = [];
  turn.saying.safety = false;
}

/** The numbers to call under the message of this turn. */
export function callsOf(turn: Turn): Choice[] {
  return turn.saying.phones.flatMap((id): Choice[] => {
    const service = turn.world.services.get(id);
    const number = service?.phones[0]?.number;
    if (!service || !number) return [];
    const name = service.name[turn.state.lang];
    // "113 – Công an" has its number already.
    return [{ kind: "call", label: name.includes(number) ? name : `${number} · ${name}`, value: number }];
  });
}

export function newMessageId(turn: Turn): MessageId {
  turn.made += 1;
  return derivedId<MessageId>(turn.event.id, "m", turn.made);
}

/** Reasons for which people are called stand first: a card has room for few. What is new stays when there is no room for all. */
function withFresh(known: readonly Reason[], fresh: readonly Reason[], calls: boolean): Reason[] {
  const kept = toldFirst(known).slice(0, Math.max(0, MAX_REASONS - fresh.length));
  return toldFirst(calls ? [...fresh, ...kept] : [...kept, ...fresh]).slice(0, MAX_REASONS);
}

/** What she told comes before what only her wording suggests. */
function toldFirst(reasons: readonly Reason[]): Reason[] {
  const isTold = ({ category }: Reason) => category !== WORDING;
  return [...reasons.filter(isTold), ...reasons.filter((reason) => !isTold(reason))];
}

/** Raises her level and remembers why; an open case rises with it, and people are called from high upwards. */
export function raise(turn: Turn, level: Level, reasons: readonly Reason[]): void {
  const before = turn.state.level;
  const fresh = reasons.filter(
    (r) => !turn.state.reasons.some((k) => k.category === r.category && k.evidence === r.evidence),
  );
  turn.state.level = higher(before, level);
  const rose = rank(turn.state.level) > rank(before);
  const calls = rose && atLeast(turn.state.level, "high");
  turn.state.reasons = withFresh(turn.state.reasons, fresh, calls);
  if (rose) count(turn, "level_raised", { level: turn.state.level });
  if (turn.state.case && (rose || fresh.length > 0)) {
    effect(turn, {
      type: "raise_case",
      caseId: turn.state.case.id,
      level: turn.state.level,
      reasons: turn.state.reasons,
    });
    if (calls) {
      effect(turn, { type: "page", caseId: turn.state.case.id, level: turn.state.level });
    }
    // Set for the lower level, the clock that calls people again would still run for hours.
    if (rose && turn.state.case.state === "waiting") setWaitTimer(turn);
  }
}

/** Opens a case, or notes on the open one that she has now said yes. */
export function openCase(turn: Turn, asked: boolean): void {
  const { state, event } = turn;
  if (asked) state.remembered.called = "yes";
  if (asked) consent(turn, "human");
  // Danger, or a human who spoke first: what she had asked before is not what she needs to read next.
  else state.pending = null;
  if (state.case) {
    if (asked && !state.case.asked) {
      state.case.asked = true;
      effect(turn, {
        type: "raise_case",
        caseId: state.case.id,
        level: state.level,
        reasons: state.reasons,
        asked: true,
      });
    }
    return;
  }
  const caseId = derivedId<CaseId>(event.id, "c", 1);
  state.case = { id: caseId, state: "waiting", asked };
  state.updates = 0;
  effect(turn, {
    type: "open_case",
    caseId,
    level: state.level,
    reasons: state.reasons,
    topic: topicOf(state.remembered.door),
    asked,
  });
  count(turn, "case_opened", { level: state.level, asked: String(asked) });
  if (atLeast(state.level, "high")) effect(turn, { type: "page", caseId, level: state.level });
  setWaitTimer(turn);
}

/** Every waiting case has a next time at which something happens. */
export function setWaitTimer(turn: Turn): void {
  if (!turn.state.case) return;
  const afterMs = turn.world.settings.page_again_minutes[turn.state.level] * 60_000;
  effect(turn, {
    type: "set_timer",
    timer: "case_waits",
    dueAt: turn.event.at + afterMs,
    // Made of the event too: a timer that is set again is another one.
    token: `${turn.state.case.id} ${turn.event.id}`,
  });
}

/** She goes on after she was told what happens with her words: kept once per purpose and version of the text. */
export function consent(turn: Turn, purpose: Consent["purpose"]): void {
  const { version } = turn.world.settings.rights;
  if (turn.state.consents.some((c) => c.purpose === purpose && c.version === version)) return;
  turn.state.consents.push({ purpose, version, at: turn.event.at });
  count(turn, "consent", { purpose, version });
}

/** A request by law: its clocks begin now; she can quote the code, nobody can find her by it. */
export function request(turn: Turn, kind: RequestKind): void {
  const { rights } = turn.world.settings;
  const code = receiptOf(turn.event.id);
  turn.state.remembered.receipt = code;
  effect(turn, {
    type: "request",
    kind,
    code,
    answerDays: rights.answer_days,
    dueDays: rights.due_days[kind],
  });
  count(turn, "request", { kind });
}

/** A fresh code that she is told before all goes. */
export function makeReceipt(turn: Turn): void {
  turn.state.remembered.receipt = receiptOf(turn.event.id);
}

/** She asked and confirmed: all is destroyed with this turn; only its last words still leave. */
export function erase(turn: Turn): void {
  const receipt = turn.state.remembered.receipt ?? receiptOf(turn.event.id);
  if (turn.state.case) effect(turn, { type: "mark_case", caseId: turn.state.case.id, mark: "left" });
  count(turn, "forgotten");
  effect(turn, { type: "forget", receipt });
  say(turn, text(turn, "forget.done", { receipt }));
  // Nothing of what stood before her is asked again or answered under it.
  turn.state.pending = null;
  turn.state.frames = turn.state.frames.slice(-1);
}

/** A short code from the event's id: she can quote it, nobody can find her by it. */
function receiptOf(id: string): string {
  return id
    .replace(/[^a-z0-9]/gi, "")
    .slice(-6)
    .toUpperCase();
}

function topicOf(door: string | undefined): "hurt" | "at_risk" | "helper" | "own_violence" | "unknown" {
  return door === "hurt" || door === "at_risk" || door === "helper" || door === "own_violence"
    ? door
    : "unknown";
}
