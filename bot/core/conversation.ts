/** The one function that matters: one event decided. Pure; the order of its questions is the order of design.md §2. */

import { find, sayArticle, sayFound, standingChoices } from "./answer.ts";
import { answerQuestion, answerWhatWaits, dropIfUnfit, modelAnswered, modelLost } from "./asking.ts";
import type { Effect } from "./effects.ts";
import type { ConversationEvent } from "./events.ts";
import { takeFeedback } from "./feedback.ts";
import { askAgain, back, isWaiting, notUnderstood, skip, startFlow, takeChoice, takeHeard, takeText } from "./flow/run.ts";
import { atLeast, rank } from "./level.ts";
import type { Content, Lang } from "./message.ts";
import type { WordKey } from "./settings.ts";
import type { State } from "./state.ts";
import { graphemes } from "./text.ts";
import type { Heard } from "./triage/ear.ts";
import {
  beginTurn,
  count,
  effect,
  flush,
  newMessageId,
  openCase,
  raise,
  say,
  setWaitTimer,
  text,
  type Turn,
} from "./turn.ts";
import { isCommand, mentions, optionsOf, pick, plain } from "./understand.ts";
import type { World } from "./world.ts";

export interface Decision {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** Longer messages are heard whole, but kept and answered as this many characters. */
const MAX_KEPT = 6_000;
/** Her last texts that the ear is given as context. */
const MAX_RECENT = 5;
/** A wish for a human is short; in a longer message the words may be part of a story. */
const MAX_WISH_WORDS = 9;
const DENIALS = new Set(["khong", "ko", "k", "hong", "chua", "dung", "not", "don", "no"]);
/** Shorter words at a waiting question are rather an answer begun than a question asked. */
const MIN_QUESTION_WORDS = 4;
/** A counsellor's update while she waits is sent only if she wrote within this time, and at most this often. */
const FRESH_MS = 30 * 60_000;
const MAX_UPDATES = 2;
/** "A message may not have arrived" is said at most this often. */
const NOTICE_EVERY_MS = 60_000;

/** Decides one event. Same state, event and world: same decision. */
export function step(state: State, event: ConversationEvent, world: World): Decision {
  const turn = beginTurn(state, event, world);
  switch (event.type) {
    case "message_received":
      received(turn, event.content, event.langHint, event.platformRef);
      break;
    case "timer_due":
      timerDue(turn, event.timer, event.token);
      break;
    case "case_claimed":
    case "counsellor_wrote":
    case "case_released":
    case "case_closed":
    case "level_set":
      deskEvent(turn, event);
      break;
    case "delivery_failed":
      undelivered(turn, event.code);
      break;
    case "turn_failed":
      sayFallback(turn);
      break;
    case "model_answered":
      modelAnswered(turn, event);
      break;
  }
  if (turn.state.lock === null && turn.state.case?.state !== "claimed") answerPending(turn);
  dropIfUnfit(turn);
  flush(turn);
  return { state: turn.state, effects: turn.effects };
}

/** The words that always work: numbers to call, when nothing else does. */
export function sayFallback(turn: Turn): void {
  say(turn, text(turn, "fallback"), { phones: turn.world.settings.hotlines, safety: true });
}

// ── what the person did ────────────────────────────────────────────────────────────────────────────────────

function received(turn: Turn, content: Content, langHint: Lang | undefined, platformRef: string | undefined): void {
  const { state, event } = turn;
  if (content.kind === "refused") return refuse(turn, content.why);
  if (content.kind === "withdrawn") return effect(turn, { type: "forget", receipt: "withdrawn" });
  if (content.kind === "left") return personLeft(turn);
  if (!state.greeted && langHint) state.lang = langHint;
  const words = wordsOf(content);
  keep(turn, content, words, platformRef);
  const gapMs = event.at - state.lastPersonAt;
  const hadWritten = state.lastPersonAt > 0;
  state.lastPersonAt = event.at;

  // 1. Exit and forget: nothing comes before them, in any state.
  if (words !== null && isCommand(turn.world.settings, "exit", words)) return exit(turn);

  // 2. Risk first: every text, whoever writes it and whatever state we are in.
  const heard = words !== null && content.kind !== "choice" ? hear(turn, words) : null;
  const danger = heard?.level === "emergency" || (words !== null && unsafeWhileWaiting(turn, words));

  // 3. Is it still her?
  if (hadWritten && gapMs > turn.world.settings.gap_minutes * 60_000 && state.case?.state !== "claimed") {
    state.lock ??= "gap";
  }
  if (words !== null && mentions(turn.world.settings, "snoop", words)) return snooped(turn);
  if (danger) return emergency(turn);
  if (state.lock) return locked(turn, content, words);

  // 4. A human is here: hers is the word.
  if (state.case?.state === "claimed") {
    if (content.kind === "media") say(turn, text(turn, "media.only_text"));
    return;
  }

  dispatch(turn, content, words, heard);
}

/** Everything that is not exit, danger, a lock or a talk with a counsellor. */
function dispatch(turn: Turn, content: Content, words: string | null, heard: Heard | null): void {
  const { state } = turn;
  if (!state.greeted) return greet(turn, content, words);
  answerWhatWaits(turn);
  if (content.kind === "arrived") return arrivedAgain(turn);
  if (content.kind === "choice") return tapped(turn, content.value);
  if (content.kind === "edited") return;
  if (content.kind === "unreadable") return say(turn, text(turn, "unreadable"), { phones: turn.world.settings.hotlines, safety: true });
  if (words === null) {
    say(turn, text(turn, "media.only_text"));
    if (isWaiting(turn)) askAgain(turn);
    return;
  }
  if (plain(words) === "") return wordless(turn, words);
  if (command(turn, words) || answered(turn, words)) {
    // "Không phải bây giờ" is an answer to us, not part of a disclosure: it must not colour what she tells next.
    if (heard?.level === "none") state.recent = state.recent.slice(0, -1);
    return;
  }
  talk(turn, words, heard);
}

/** Was it an answer to the waiting question, or a label of our last message? */
function answered(turn: Turn, words: string): boolean {
  return isWaiting(turn) ? takeText(turn, words) === "taken" : offeredLabel(turn, words);
}

/** The texts of what she did; null: there was none to read. */
function wordsOf(content: Content): string | null {
  switch (content.kind) {
    case "text":
    case "edited":
      return content.text;
    case "arrived":
      return content.text ?? null;
    case "media":
      return content.caption ?? null;
    default:
      return null;
  }
}

function keep(turn: Turn, content: Content, words: string | null, platformRef: string | undefined): void {
  const media = content.kind === "media" ? content.media : undefined;
  const shown = content.kind === "choice" ? labelOf(turn, content.value) : (words ?? "");
  // Without words it is still a line on her phone, if the platform gave it an id: an exit must delete it too.
  if (content.kind === "arrived" && shown === "" && !platformRef) return;
  effect(turn, {
    type: "keep_message",
    id: newMessageId(turn),
    text: shown.slice(0, MAX_KEPT),
    ...(media ? { media } : {}),
    ...(platformRef ? { platformRef } : {}),
  });
}

/** What a tapped button said, for the transcript. */
function labelOf(turn: Turn, value: string): string {
  return turn.state.offered.find((c) => c.value === value)?.label ?? "✓";
}

/** The ear, on this text with her last ones; what it hears counts at once. */
function hear(turn: Turn, words: string): Heard {
  const { state, world } = turn;
  const heard = world.ear(words, state.recent);
  if (plain(words) !== "" || heard.level !== "none") state.recent = [...state.recent, words.slice(0, 500)].slice(-MAX_RECENT);
  if (heard.level !== "none") raise(turn, heard.level, heard.reasons);
  return heard;
}

function unsafeWhileWaiting(turn: Turn, words: string): boolean {
  if (!isCommand(turn.world.settings, "unsafe_now", words)) return false;
  raise(turn, "emergency", [{ category: "violence_now", evidence: "báo không còn an toàn" }]);
  return true;
}

/** The short card and the offer of a human, over everything; not again within a few minutes. */
function emergency(turn: Turn): void {
  const { state, event, world } = turn;
  if (world.settings.emergency_case_without_asking) openCase(turn, false);
  const recently = event.at - state.emergencyAt < world.settings.emergency_repeat_minutes * 60_000;
  const top = state.frames.at(-1);
  if (recently && top?.flow === world.settings.flows.emergency) return askAgain(turn);
  if (recently && state.case?.state === "claimed") return;
  state.emergencyAt = event.at;
  state.greeted = true;
  // She is in danger: the lock must not stand between her and help, and the card itself gives nothing away.
  state.lock = null;
  count(turn, "emergency_card");
  startFlow(turn, world.settings.flows.emergency, isWaiting(turn) ? "interrupt" : "main");
}

// ── first words, coming back, leaving ──────────────────────────────────────────────────────────────────────

function greet(turn: Turn, content: Content, words: string | null): void {
  const { state } = turn;
  state.greeted = true;
  count(turn, "conversation_begun");
  if (content.kind === "media") say(turn, text(turn, "media.only_text"));
  if (content.kind === "unreadable") say(turn, text(turn, "unreadable"), { phones: turn.world.settings.hotlines });
  if (words !== null && plain(words) !== "" && content.kind === "text" && !isGreeting(words)) state.pending = words;
  startFlow(turn, turn.world.settings.flows.start, "main");
}

/** "Alo", "xin chào ạ": up to three syllables carry no question. */
function isGreeting(words: string): boolean {
  return plain(words).split(" ").length <= 3 && !/[?？]/.test(words);
}

function arrivedAgain(turn: Turn): void {
  if (isWaiting(turn)) askAgain(turn);
  else startFlow(turn, turn.world.settings.flows.menu, "main");
}

function exit(turn: Turn): void {
  const { state, world } = turn;
  state.frames = [];
  state.pending = null;
  state.offered = [];
  state.recent = [];
  state.lock = "exit";
  count(turn, "exit");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
  effect(turn, { type: "wipe_chat" });
  if (world.channel.session) {
    // The page empties itself and goes: a line on it would be the one thing left to see.
    effect(turn, { type: "end_session" });
    return;
  }
  say(turn, text(turn, "exit.line"));
  if (!world.channel.canDelete) say(turn, text(turn, "exit.by_hand"));
}

function personLeft(turn: Turn): void {
  const { state } = turn;
  state.frames = [];
  state.lock = "exit";
  count(turn, "left");
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "left" });
}

function locked(turn: Turn, content: Content, words: string | null): void {
  const { state } = turn;
  const options = [
    { value: "go:me", label: text(turn, "gate.yes"), words: [...turn.world.settings.words.yes] },
    { value: "go:notme", label: text(turn, "gate.no"), words: [...turn.world.settings.words.no] },
  ];
  const meant = content.kind === "choice" ? content.value : words === null ? null : pick(options, words);
  if (meant === "go:me") return unlocked(turn);
  if (meant === "go:notme") {
    state.lock = "snoop";
    return say(turn, text(turn, "decoy"));
  }
  if (words !== null && content.kind === "text" && plain(words).split(" ").length > 3) state.pending = words;
  say(turn, text(turn, "gate.ask"), {
    choices: options.map((o) => ({ kind: "answer", label: o.label, value: o.value })),
  });
}

function unlocked(turn: Turn): void {
  const { state } = turn;
  state.lock = null;
  if (state.case) effect(turn, { type: "mark_case", caseId: state.case.id, mark: "returned" });
  if (!state.greeted) return greet(turn, { kind: "arrived" }, null);
  if (isWaiting(turn)) return askAgain(turn);
  if (!state.pending) startFlow(turn, turn.world.settings.flows.returned, "main");
}

/** Somebody else may hold the phone: dull words, and nothing more before it is known to be her. */
function snooped(turn: Turn): void {
  turn.state.lock = "snoop";
  count(turn, "access_attempt");
  effect(turn, { type: "audit", action: "access_attempt", detail: "" });
  if (turn.state.case) effect(turn, { type: "mark_case", caseId: turn.state.case.id, mark: "left" });
  say(turn, text(turn, "decoy"));
}

function refuse(turn: Turn, why: "group" | "bot"): void {
  const { state, event } = turn;
  if (event.at - state.toldAt < 24 * 3_600_000) return;
  state.toldAt = event.at;
  say(turn, text(turn, why === "group" ? "refused.group" : "refused.bot"));
}

// ── taps and commands ──────────────────────────────────────────────────────────────────────────────────────

function tapped(turn: Turn, value: string): void {
  if (value.startsWith("a:")) {
    if (sayArticle(turn, value.slice(2))) return afterDigression(turn);
    say(turn, text(turn, "answer.none"), { choices: standingChoices(turn) });
    return;
  }
  if (value.startsWith("fb:")) {
    takeFeedback(turn, value, standingChoices(turn));
    return afterDigression(turn);
  }
  if (value.startsWith("go:")) return goTo(turn, value.slice(3));
  if (takeChoice(turn, value) === "taken") return;
  if (isWaiting(turn)) return askAgain(turn);
  startFlow(turn, turn.world.settings.flows.menu, "main");
}

function goTo(turn: Turn, place: string): void {
  const { flows } = turn.world.settings;
  switch (place) {
    case "human":
      return startFlow(turn, flows.human, "main");
    case "numbers":
      return startFlow(turn, flows.numbers, isWaiting(turn) ? "interrupt" : "main");
    case "me":
      return isWaiting(turn) ? askAgain(turn) : startFlow(turn, flows.menu, "main");
    default:
      return startFlow(turn, flows.menu, "main");
  }
}

/** Commands that work at any question; true: it was one. */
function command(turn: Turn, words: string): boolean {
  const is = (key: WordKey) => isCommand(turn.world.settings, key, words);
  const { flows } = turn.world.settings;
  if (is("forget")) startFlow(turn, flows.forget, isWaiting(turn) ? "interrupt" : "main");
  else if (wantsHuman(turn, words)) startFlow(turn, flows.human, "main");
  else if (is("numbers")) goTo(turn, "numbers");
  else if (is("menu")) startFlow(turn, flows.menu, "main");
  else if (is("english") || is("vietnamese")) changeLanguage(turn, is("english") ? "en" : "vi");
  else if (is("retract")) retract(turn);
  else if (is("back") && isWaiting(turn)) {
    if (!back(turn)) {
      say(turn, text(turn, "back.nowhere"));
      askAgain(turn);
    }
  } else if (is("skip") && isWaiting(turn)) skip(turn);
  else return false;
  return true;
}

/** "Cho em gặp người thật với": a short message that holds the wish; a denial of it is none. */
function wantsHuman(turn: Turn, words: string): boolean {
  const { settings } = turn.world;
  if (isCommand(settings, "human", words)) return true;
  const said = plain(words).split(" ");
  return said.length <= MAX_WISH_WORDS && mentions(settings, "human", words) && !said.some((w) => DENIALS.has(w));
}

function changeLanguage(turn: Turn, lang: Lang): void {
  turn.state.lang = lang;
  say(turn, text(turn, "language.changed"));
  if (isWaiting(turn)) askAgain(turn);
  else startFlow(turn, turn.world.settings.flows.menu, "main");
}

/** She says that it was heard wrongly: no arguing, and the level stays for a human to judge. */
function retract(turn: Turn): void {
  say(turn, text(turn, "retracted"));
  effect(turn, { type: "audit", action: "retracted", detail: "" });
  if (turn.state.frames.at(-1)?.flow === turn.world.settings.flows.emergency) turn.state.frames.pop();
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

/** A label of our last message typed by hand, or its number. */
function offeredLabel(turn: Turn, words: string): boolean {
  const meant = pick(optionsOf(turn.state.offered), words);
  if (meant === null) return false;
  tapped(turn, meant);
  return true;
}

// ── free talk ──────────────────────────────────────────────────────────────────────────────────────────────

function talk(turn: Turn, words: string, heard: Heard | null): void {
  if (graphemes(words.slice(0, 12_000)).length > 4_000) say(turn, text(turn, "too_long"));
  if (!isWaiting(turn) && !tells(heard) && isCommand(turn.world.settings, "small_talk", words)) return smallTalk(turn);
  const found = find(turn, words);
  if (isWaiting(turn)) {
    if (found.answered && !tells(heard) && plain(words).split(" ").length >= MIN_QUESTION_WORDS) {
      sayFound(turn, words, found);
      return afterDigression(turn);
    }
    return tells(heard) ? told(turn, heard) : notUnderstood(turn);
  }
  if (tells(heard) && turn.state.case === null) return offerHuman(turn, heard, words);
  if (turn.state.case?.state === "waiting" && !found.answered) return tellWaiting(turn);
  answerQuestion(turn, words, found);
}

/** "Dạ", "cảm ơn bạn", "alo": nothing to look up, and still never silent. */
function smallTalk(turn: Turn): void {
  if (turn.state.case?.state === "waiting") return tellWaiting(turn);
  say(turn, text(turn, "here"), { choices: standingChoices(turn) });
}

/** Did she tell of violence (medium or more), rather than ask? */
function tells(heard: Heard | null): heard is Heard {
  return heard !== null && atLeast(heard.level, "medium");
}

function offerHuman(turn: Turn, heard: Heard, words: string): void {
  const { flows } = turn.world.settings;
  turn.state.offeredAt = turn.event.at;
  if (/[?？]/.test(words)) turn.state.pending = words;
  startFlow(turn, rank(heard.level) >= rank("high") ? flows.high : flows.medium, "main");
}

/** She told something at a question that asked something else: never "I did not understand that". */
function told(turn: Turn, heard: Heard): void {
  const { state, event, world } = turn;
  if (takeHeard(turn, new Set(heard.reasons.map((r) => r.category))) === "taken") return;
  const offered = event.at - state.offeredAt < world.settings.emergency_repeat_minutes * 60_000;
  if (atLeast(heard.level, "high") && state.case === null && !offered) {
    state.offeredAt = event.at;
    return startFlow(turn, world.settings.flows.high, "interrupt");
  }
  say(turn, text(turn, "heard"));
  askAgain(turn);
}

/** The answer stands above the question that waits: both are one message. */
function afterDigression(turn: Turn): void {
  if (!isWaiting(turn)) return;
  say(turn, text(turn, "flow.returned"));
  askAgain(turn);
}

function answerPending(turn: Turn): void {
  const { state } = turn;
  if (!state.pending || isWaiting(turn)) return;
  const question = state.pending;
  state.pending = null;
  answerQuestion(turn, question, find(turn, question));
}

function tellWaiting(turn: Turn): void {
  const { state, event, world } = turn;
  if (event.at - state.toldAt < world.settings.waiting_told_minutes * 60_000) return;
  state.toldAt = event.at;
  say(turn, text(turn, event.desk.onDuty > 0 ? "waiting.told" : "waiting.told_nobody"), {
    phones: event.desk.onDuty > 0 ? [] : world.settings.hotlines,
  });
}

function wordless(turn: Turn, words: string): void {
  say(turn, text(turn, words.trim() === "" ? "empty" : "emoji"));
  if (isWaiting(turn)) askAgain(turn);
  else say(turn, "", { choices: standingChoices(turn) });
}

// ── desk and timers ────────────────────────────────────────────────────────────────────────────────────────

type DeskEvent = Extract<
  ConversationEvent,
  { type: "case_claimed" | "counsellor_wrote" | "case_released" | "case_closed" | "level_set" }
>;

function deskEvent(turn: Turn, event: DeskEvent): void {
  const { state } = turn;
  if (state.case?.id !== event.caseId) return;
  switch (event.type) {
    case "case_claimed":
      state.case.state = "claimed";
      state.case.alias = event.alias;
      state.frames = [];
      effect(turn, { type: "cancel_timer", timer: "case_waits" });
      if (state.lock === null) say(turn, text(turn, "counsellor.joined", { alias: event.alias }));
      return;
    case "counsellor_wrote":
      effect(turn, {
        type: "send_message",
        message: {
          id: newMessageId(turn),
          from: "counsellor",
          text: event.text,
          choices: [],
          safety: false,
          sensitive: true,
        },
      });
      return;
    case "case_released":
      state.case.state = "waiting";
      delete state.case.alias;
      setWaitTimer(turn);
      if (state.lock === null) say(turn, text(turn, "counsellor.left"), event.desk.onDuty > 0 ? {} : { phones: turn.world.settings.hotlines });
      return;
    case "case_closed":
      return caseClosed(turn);
    case "level_set":
      state.level = event.level;
      effect(turn, { type: "audit", action: "level_set", detail: event.level });
      return;
  }
}

/** A human has judged and closed: what was heard and asked before belongs to that case, not to the next one. */
function caseClosed(turn: Turn): void {
  const { state } = turn;
  state.case = null;
  state.level = "none";
  state.reasons = [];
  state.screened = {};
  state.followedUp = {};
  state.recent = [];
  effect(turn, { type: "cancel_timer", timer: "case_waits" });
  if (state.lock !== null) return;
  say(turn, text(turn, "counsellor.closed"));
  startFlow(turn, turn.world.settings.flows.after_case, "main");
}

/**
 * A message of ours may not have arrived. It is not sent again (only safety texts may come twice), but she must not be
 * left waiting for a question that she never saw: a short word says so, and any answer to it brings the question back.
 */
function undelivered(turn: Turn, code: string): void {
  const { state, event } = turn;
  effect(turn, { type: "audit", action: "delivery_failed", detail: code });
  if (code === "gone") return personLeft(turn);
  if (state.lock !== null || event.at - state.noticeAt < NOTICE_EVERY_MS) return;
  state.noticeAt = event.at;
  say(turn, text(turn, "undelivered"), { safety: true, choices: state.offered });
}

function timerDue(turn: Turn, timer: string, token: string): void {
  if (timer === "model") modelLost(turn, token);
  if (timer === "case_waits") stillWaiting(turn, token.split(" ")[0] ?? "");
}

/** People on duty are called again; she is told honestly, but only while she is plainly there. */
function stillWaiting(turn: Turn, caseId: string): void {
  const { state, event } = turn;
  if (state.case?.id !== caseId || state.case.state !== "waiting") return;
  effect(turn, { type: "page", caseId: state.case.id, level: state.level });
  setWaitTimer(turn);
  const isThere = state.lock === null && event.at - state.lastPersonAt < FRESH_MS;
  if (!isThere || !state.case.asked || state.updates >= MAX_UPDATES) return;
  state.updates += 1;
  say(turn, text(turn, "waiting.update"), { phones: turn.world.settings.hotlines });
}
