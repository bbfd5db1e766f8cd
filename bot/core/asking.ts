/** A question answered from approved passages; where an administrator has opened the door, shortened by a model first. */

import { answerChoices, callsIn, find, isAsLikely, rememberAsked, sayFound, sourceLine } from "./answer.ts";
import type { ConversationEvent } from "./events.ts";
import { type Fault, prove } from "./grounding.ts";
import type { Article, Passage } from "./knowledge/article.ts";
import { phonesIn } from "./knowledge/phones.ts";
import { waysOfAsking } from "./knowledge/ways-of-asking.ts";
import { atLeast } from "./level.ts";
import { redactForPrompt } from "./redact.ts";
import type { Hit, SearchResult } from "./retrieval/search.ts";
import { MODEL_DOORS, type ModelDoor } from "./settings.ts";
import { type Place, placeOf } from "./showable.ts";
import { count, effect, say, type Turn, text } from "./turn.ts";

/** How many passages are offered to the shell; it gives the model the best of them. */
const MAX_PASSAGES = 6;
/** Passages that scored less than this share of the best are about something else. */
const NEAR_BEST = 0.5;
/**
 * If the model's answer is lost altogether (a crash), the passage goes out this long after it should have come. The
 * time-out itself counts from the asking, and this from her message: on a busy machine seconds lie between them.
 */
const LOST_AFTER_MS = 4_000;
const TIMER = "model";
/** Emergency numbers may be given in any words; before any other number stands who is told (domain.md §0.10). */
const PLAIN_NUMBERS: ReadonlySet<string> = new Set(["113", "114", "115"]);

type Answered = Extract<ConversationEvent, { type: "model_answered" }>;

/** Answers at once with the passage, or has it shortened first; whatever comes of that, she is answered. */
export function answerQuestion(turn: Turn, question: string, found: SearchResult): void {
  const passages = mayAskModel(turn) && !turn.state.asking ? shortenable(turn, found) : [];
  if (passages.length === 0) return sayFound(turn, question, found);
  const { state, event, world } = turn;
  const { timeout_ms: timeoutMs } = world.settings.model;
  const requestId = event.id;
  const articles = [...new Set(passages.map((p) => p.articleId))].flatMap(
    (id) => world.articles.get(id) ?? [],
  );
  state.asking = { requestId, question, passages: passages.map((p) => p.id) };
  effect(turn, {
    type: "ask_model",
    requestId,
    lang: state.lang,
    question: redactForPrompt(
      question,
      articles.flatMap((a) => wordsOf(a)),
    ),
    passages: passages.map((p) => ({
      id: p.id,
      heading: p.heading[state.lang],
      text: p.text[state.lang],
      score: scoreOf(found, p.id),
    })),
    timeoutMs,
  });
  effect(turn, {
    type: "set_timer",
    timer: TIMER,
    dueAt: event.at + timeoutMs + LOST_AFTER_MS,
    token: requestId,
  });
  // Only here does she wait for seconds; nothing of it is seen on a lock screen, and `fits` keeps locked chats quiet.
  if (world.channel.typing) effect(turn, { type: "show_typing" });
  count(turn, "model_asked");
}

/** The model's text if it can be proven, else the passage. */
export function modelAnswered(turn: Turn, event: Answered): void {
  const asking = turn.state.asking;
  if (asking?.requestId !== event.requestId) return count(turn, "model_late");
  const ranked = event.passages.filter((id) => asking.passages.includes(id));
  if (!mayAskModel(turn)) return sayPlain(turn, "closed", ranked);
  if (!event.answer.ok) return sayPlain(turn, event.answer.code, ranked);
  const given = ranked.flatMap((id) => passageOf(turn, id) ?? []);
  // Something was withdrawn meanwhile: the numbers in the text no longer point where they did.
  if (given.length === 0 || given.length !== event.passages.length)
    return sayPlain(turn, "withdrawn", ranked);
  const { lang } = turn.state;
  const grounds = given.map(({ article, passage }) => ({
    heading: passage.heading[lang],
    text: `${passage.text[lang]}\n${lawOf(article)}`,
  }));
  const proof = prove(event.answer.text, grounds, lang, turn.world.banned);
  if (!proof.ok) return sayPlain(turn, proof.why, ranked);
  sayShortened(
    turn,
    proof.text,
    proof.cited.flatMap((n) => given[n] ?? []),
    ranked,
  );
}

/** The timer that was set with the question: the process died, or the answer was lost. */
export function modelLost(turn: Turn, token: string): void {
  if (turn.state.asking?.requestId === token) sayPlain(turn, "lost", []);
}

/** She writes on before it came: first the answer to what she asked, then to what she says now. */
export function answerWhatWaits(turn: Turn): void {
  if (turn.state.asking) sayPlain(turn, "overtaken", []);
}

/** In danger, locked, or with a human: a machine's text about an earlier question must not come in between. */
export function dropIfUnfit(turn: Turn): void {
  if (!turn.state.asking || fits(turn)) return;
  const question = settle(turn);
  // The answer was lost with a process, and a pause went by: it comes when it is known to be her.
  if (turn.state.lock === "gap") turn.state.pending ??= question;
  count(turn, "model_fallback", { why: "risk" });
}

function mayAskModel(turn: Turn): boolean {
  const { enabled, doors } = turn.world.settings.model;
  return enabled && doors.includes(doorOf(turn)) && fits(turn) && turn.state.frames.length === 0;
}

function fits({ state }: Turn): boolean {
  return state.lock === null && state.case === null && !atLeast(state.level, "medium");
}

function doorOf({ state }: Turn): ModelDoor {
  return MODEL_DOORS.find((d) => d === state.remembered.door) ?? "question";
}

/** Passages of articles that may be shown here; none if the best answer is a service or names a number of its own. */
function shortenable(turn: Turn, found: SearchResult): Passage[] {
  const shown = found.answered ? found.hits.filter((h) => placeOf(turn, h.id)) : [];
  const best = shown[0];
  if (!best || !isAsLikely(best, found.hits) || !isPlain(turn, best)) return [];
  return shown
    .filter((h) => h.score >= best.score * NEAR_BEST && isPlain(turn, h))
    .slice(0, MAX_PASSAGES)
    .flatMap((h) => passageOf(turn, h.id)?.passage ?? []);
}

function isPlain(turn: Turn, hit: Hit): boolean {
  const passage = passageOf(turn, hit.id)?.passage;
  return passage !== undefined && phonesIn(passage.text[turn.state.lang]).every((p) => PLAIN_NUMBERS.has(p));
}

function scoreOf(found: SearchResult, id: string): number {
  return found.hits.find((h) => h.id === id)?.score ?? 0;
}

function passageOf(turn: Turn, id: string): Extract<Place, { kind: "passage" }> | undefined {
  const place = placeOf(turn, id);
  return place?.kind === "passage" ? place : undefined;
}

function settle(turn: Turn): string {
  const question = turn.state.asking?.question ?? "";
  delete turn.state.asking;
  effect(turn, { type: "cancel_timer", timer: TIMER });
  return question;
}

type Why =
  | Fault
  | (Answered["answer"] & { ok: false })["code"]
  | "closed"
  | "withdrawn"
  | "lost"
  | "overtaken";

function sayPlain(turn: Turn, why: Why, ranked: readonly string[]): void {
  const question = settle(turn);
  count(turn, "model_fallback", { why });
  sayFound(turn, question, putFirst(find(turn, question), ranked[0]));
}

/** Embeddings may know better which of the found passages is meant; they never add one. */
function putFirst(found: SearchResult, id: string | undefined): SearchResult {
  const first = found.hits.find((h) => h.id === id);
  return first ? { ...found, hits: [first, ...found.hits.filter((h) => h !== first)] } : found;
}

function sayShortened(
  turn: Turn,
  words: string,
  used: readonly { article: Article; passage: Passage }[],
  ranked: readonly string[],
): void {
  const { lang } = turn.state;
  const question = settle(turn);
  const found = putFirst(find(turn, question), ranked[0]);
  const articles = [...new Map(used.map(({ article }) => [article.id, article])).values()];
  // The lines with a number to call stay as they were approved: a shortening must not lose the way out of danger.
  const calls = [
    ...new Set(
      used.flatMap(({ passage }) => passage.text[lang].split("\n").filter((row) => phonesIn(row).length > 0)),
    ),
  ];
  rememberAsked(turn, question);
  count(turn, "answered", { article: articles[0]?.id ?? "", by: "model" });
  const lines = [
    text(turn, "answer.lead"),
    text(turn, "answer.machine"),
    words,
    ...calls,
    articles.map((a) => sourceLine(turn, a)).join("\n"),
    articles.some((a) => a.review.state === "pending") ? text(turn, "answer.pending") : "",
  ];
  say(turn, lines.filter((l) => l !== "").join("\n\n"), {
    phones: callsIn(turn, [words, ...calls].join("\n")),
  });
  const shown = used.map(({ passage }) => passage.id);
  say(turn, "", { choices: answerChoices(turn, found.hits, shown) });
}

function lawOf(article: Article): string {
  return article.law.map((l) => `${l.document}, ${l.articles}`).join("; ");
}

/** Every text of an article: what may stand in a question that leaves us. */
function wordsOf(article: Article): string[] {
  const both = (b: Record<"vi" | "en", string>) => [b.vi, b.en];
  return [
    ...waysOfAsking(article, "vi"),
    ...waysOfAsking(article, "en"),
    ...both(article.title),
    ...article.passages.flatMap((p) => [...both(p.heading), ...both(p.text)]),
  ];
}
