/** Answers a question with an approved passage, its source and date; or says that there is no answer (silence rule). */

import { dayInWords, dayOf } from "./day.ts";
import { feedbackChoices, isAskedAgain, noteIfAskedAgain, noteUnanswered } from "./feedback.ts";
import type { Article, Passage } from "./knowledge/article.ts";
import { lawPlace } from "./knowledge/law-place.ts";
import { phonesIn, sameDigits } from "./knowledge/phones.ts";
import type { Service } from "./knowledge/service.ts";
import type { Choice } from "./message.ts";
import { passageWanted, stillOffered, type Wanted, withNext } from "./next-choices.ts";
import type { Hit, SearchResult } from "./retrieval/search.ts";
import type { Audience } from "./schema.ts";
import { articleIn, isOffered, isShowable, type Place, placeOf } from "./showable.ts";
import { count, say, type Turn, text } from "./turn.ts";
import { plain } from "./understand.ts";
import { withTold } from "./what-now.ts";

/** Under something that was chosen: so many of what was offered beside it, and of the rest of its article. */
const MAX_BESIDE = 2;
const MAX_PARTS = 2;
/**
 * In an emergency two of three articles are not shown, and of 1,359 questions whose best passage was among them the next
 * was a right one for 43 of a hundred where it scored more than this share of the best, and for 14 below (23 November 2026).
 */
const AS_LIKELY = 0.85;
/** So few words find by what was asked before them, and may be no question at all. */
const MAX_ASIDE = 4;
/** Numbers to call under one answer: more would push its other choices away. */
const MAX_CALLS = 3;

/** Finds, without saying anything yet. `before`: what she asked last, as context. */
export function find(turn: Turn, question: string, before = turn.state.asked): SearchResult {
  const { state, world, event } = turn;
  const audience = audienceOf(state.remembered.door);
  return world.search({
    text: withTold(turn, question),
    lang: state.lang,
    before,
    limit: 6,
    today: dayOf(event.at),
    ...(audience ? { audience } : {}),
  });
}

/** Says what was found; remembers the question as context for the next. */
export function sayFound(turn: Turn, question: string, found: SearchResult): void {
  const isAside = !isAskedAgain(turn, question) && plain(question).split(" ").length <= MAX_ASIDE;
  rememberAsked(turn, question);
  const [best, place] = found.answered ? firstShowable(turn, found.hits) : [];
  if (!best || !place) {
    sayNothingFound(turn, question, found);
    return;
  }
  if (isAside && wasJustShown(turn, best.id)) return sayAgain(turn, found.hits);
  count(turn, "answered", { article: articleIn(best.id) });
  sayPlace(turn, place);
  say(turn, "", { choices: answerChoices(turn, found.hits, [best.id]) });
}

/** Did it stand in an answer a few minutes ago? Not when that answer may never have reached her. */
function wasJustShown({ state, event, world }: Turn, id: string): boolean {
  const recentMs = world.settings.emergency_repeat_minutes * 60_000;
  return (
    state.shown === id && event.at - (state.shownAt ?? 0) < recentMs && event.at - state.noticeAt >= recentMs
  );
}

/** A word aside ("tôi sợ") that finds what she has just read: the same again would help nobody. What else was found, and a human. */
function sayAgain(turn: Turn, hits: readonly Hit[]): void {
  const ids = hits.map((h) => h.id);
  count(turn, "answered_same");
  say(turn, text(turn, "answer.same"));
  say(turn, "", { choices: withNext(turn, ids, shownBefore(turn), withNumbers(turn)) });
}

/** Answers a question about this service itself; what she asks next is not about it, so it is no context. */
export function sayAboutUs(turn: Turn, question: string): void {
  const found = find(turn, question, []);
  const [best, place] = found.answered ? firstShowable(turn, found.hits) : [];
  if (place) sayPlace(turn, place);
  else say(turn, text(turn, "what_is_this"));
  if (best) count(turn, "answered", { article: articleIn(best.id) });
  const ids = found.hits.map((h) => h.id);
  say(turn, "", { choices: withNext(turn, best ? ids : [], best ? [best.id] : [], standingChoices(turn)) });
}

/** The first that may be shown, if it is about what was asked: what was found far behind is no answer because the best is not for her now. */
function firstShowable(turn: Turn, hits: readonly Hit[]): [Hit, Place] | [] {
  for (const hit of hits) {
    if (!isAsLikely(hit, hits)) return [];
    const place = placeOf(turn, hit.id);
    if (place) return [hit, place];
  }
  return [];
}

/** Is it found nearly as well as the best of all, shown or not? */
export function isAsLikely(hit: Hit, [best]: readonly Hit[]): boolean {
  return best !== undefined && hit.score >= best.score * AS_LIKELY;
}

/** Context for the next question; one that she has to ask again is for the editors. */
export function rememberAsked(turn: Turn, question: string): void {
  noteIfAskedAgain(turn, question);
  turn.state.asked = [...turn.state.asked, question].slice(-2);
}

/** What can be chosen under an answer: what else was found, a human, the menu, and whether it helped. Remembers what was `shown`. */
export function answerChoices(turn: Turn, hits: readonly Hit[], shown: readonly string[]): Choice[] {
  return choicesUnder(
    turn,
    hits.map((h) => h.id),
    shown,
  );
}

/** The first of `shown` is what stands above. */
function choicesUnder(turn: Turn, ids: readonly string[], shown: readonly string[]): Choice[] {
  const [first] = shown;
  remember(turn, first);
  return withNext(turn, ids, shown, [...standingChoices(turn), ...feedbackChoices(turn, first)]);
}

/** What she says next of "this" is about what was shown last. */
function remember(turn: Turn, shown: string | undefined): void {
  if (shown === undefined) delete turn.state.shown;
  else {
    turn.state.shown = shown;
    turn.state.shownAt = turn.event.at;
  }
}

/** Opens what a tapped choice offered, of this build or an earlier one; what is gone or changed meanwhile is said. */
export function sayChosen(turn: Turn, value: string, wanted: Wanted): void {
  const beside = stillOffered(turn, value);
  if (wanted.kind === "service") {
    const id = `service:${wanted.id}`;
    if (!placeOf(turn, id)) return sayGone(turn, beside);
    count(turn, "answered", { article: id });
    return sayService(turn, wanted.id, beside);
  }
  const article = turn.world.articles.get(wanted.id);
  const found = article && passageWanted(article.passages, wanted);
  if (!found || !isOffered(turn, article)) return sayGone(turn, beside);
  if (!isShowable(turn, article)) return sayAboveLevel(turn);
  count(turn, "answered", { article: article.id });
  if (!found.isSame) say(turn, text(turn, "answer.changed"));
  sayPassage(turn, article, found.passage, beside);
}

/** One passage as an answer by itself, with what can be chosen under it; `beside`: what was offered with it. */
export function sayPassage(
  turn: Turn,
  article: Article,
  passage: Passage,
  beside: readonly string[] = [],
): void {
  sayPlace(turn, { kind: "passage", article, passage });
  const at = article.passages.indexOf(passage);
  const before = shownBefore(turn);
  const parts = [...article.passages.slice(at + 1), ...article.passages.slice(0, at)]
    .map((p) => p.id)
    .filter((id) => !before.includes(id) && !beside.includes(id));
  const ids = [...beside.slice(0, MAX_BESIDE), ...parts.slice(0, MAX_PARTS), ...article.related];
  say(turn, "", { choices: choicesUnder(turn, ids, [passage.id, ...before]) });
}

/** One entry of the directory as an answer by itself; `beside`: what was offered with it. */
export function sayService(turn: Turn, id: string, beside: readonly string[] = []): void {
  const service = turn.world.services.get(id);
  if (service) sayPlace(turn, { kind: "service", service });
  say(turn, "", { choices: choicesUnder(turn, beside, [`service:${id}`, ...shownBefore(turn)]) });
}

/** What she has just read is not offered again. */
function shownBefore({ state }: Turn): string[] {
  return state.shown === undefined ? [] : [state.shown];
}

/** What was offered with it is offered again, or what is nearest to what she asked: she need not ask anew. */
function sayGone(turn: Turn, beside: readonly string[]): void {
  const asked = turn.state.asked.at(-1);
  const again = beside.length === 0 && asked !== undefined ? find(turn, asked).hits.map((h) => h.id) : beside;
  count(turn, "chosen_gone");
  remember(turn, undefined);
  say(turn, text(turn, "answer.gone"));
  say(turn, "", { choices: withNext(turn, again, [], withNumbers(turn)) });
}

function sayAboveLevel(turn: Turn, ids: readonly string[] = []): void {
  count(turn, "unanswered", { why: "level" });
  remember(turn, undefined);
  // In danger nobody is sent to a human who is not there.
  const isAlone = turn.event.desk.onDuty === 0 && turn.state.level === "emergency";
  say(turn, text(turn, isAlone ? "answer.above_level_nobody" : "answer.above_level"), {
    phones: isAlone ? turn.world.settings.hotlines : [],
  });
  say(turn, "", { choices: withNext(turn, ids, [], withNumbers(turn)) });
}

/** Where there is no answer, the numbers to call stand beside a human and the menu. */
function withNumbers(turn: Turn): Choice[] {
  return [
    ...standingChoices(turn),
    { kind: "answer", label: text(turn, "choice.numbers"), value: "go:numbers" },
  ];
}

export function standingChoices(turn: Turn): Choice[] {
  // A case that danger opened is not yet her wish for a human.
  const human: Choice[] = turn.state.case?.asked
    ? []
    : [{ kind: "answer", label: text(turn, "choice.human"), value: "go:human", stays: true }];
  return [...human, { kind: "answer", label: text(turn, "choice.menu"), value: "go:menu", style: "quiet" }];
}

function sayNothingFound(turn: Turn, question: string, found: SearchResult): void {
  const ids = found.hits.map((h) => h.id);
  if (found.answered && ids.length > 0) return sayAboveLevel(turn, ids);
  count(turn, "unanswered", { why: "bar" });
  noteUnanswered(turn, question);
  remember(turn, undefined);
  say(turn, text(turn, "answer.none"));
  if (ids.some((id) => placeOf(turn, id))) say(turn, text(turn, "answer.nearest"));
  say(turn, "", { choices: withNext(turn, ids, [], withNumbers(turn)) });
}

/** What was found, and the numbers that it names as buttons; not those in the title of its source. */
function sayPlace(turn: Turn, place: Place): void {
  if (place.kind === "passage") {
    const { article, passage } = place;
    return say(turn, passageText(turn, article, passage), {
      phones: callsIn(turn, passage.text[turn.state.lang]),
    });
  }
  const { service } = place;
  say(turn, serviceText(turn, service), {
    phones: callsIn(turn, service.phones.map((p) => p.number).join("\n")),
  });
}

/**
 * The services whose numbers a text names, in its order: their buttons call. Where a number is no button they would only
 * say it twice.
 */
export function callsIn(turn: Turn, words: string): string[] {
  if (!turn.world.channel.callButtons) return [];
  const today = dayOf(turn.event.at);
  const usable = [...turn.world.services.values()].filter((s) => s.expires_on >= today);
  const named = phonesIn(words)
    .sort((a, b) => words.indexOf(a) - words.indexOf(b))
    .flatMap(
      (number) => usable.find(({ phones }) => phones[0] && sameDigits(phones[0].number, number)) ?? [],
    );
  return [...new Set(named.map((s) => s.id))].slice(0, MAX_CALLS);
}

/** Title, passage, source with date, and the review line: one message. */
export function passageText(turn: Turn, article: Article, passage: Passage): string {
  const { lang } = turn.state;
  const lines = [
    // The first line is what a lock screen shows: it must give nothing away (design.md §1 rule 5).
    text(turn, "answer.lead"),
    passage.heading[lang],
    passage.text[lang],
    sourceLine(turn, article),
  ];
  if (article.review.state === "pending") lines.push(text(turn, "answer.pending"));
  return lines.filter((l) => l !== "").join("\n\n");
}

/** Where it comes from, the law first, and when that was last looked at. */
export function sourceLine(turn: Turn, article: Article): string {
  const { lang } = turn.state;
  const law = article.law.map((l) => `${l.document}, ${lawPlace(l.articles, lang)}`).join("; ");
  return text(turn, "answer.source", {
    source: law || (article.sources[0]?.title ?? ""),
    date: dayInWords(article.checked_on, lang),
  });
}

/** What happens and who is told come before the number (domain.md §0.10). */
function serviceText(turn: Turn, service: Service): string {
  const { lang } = turn.state;
  const numbers = service.phones
    .map((p) => (p.label ? `${p.number} (${p.label[lang]})` : p.number))
    .join(", ");
  return [
    text(turn, "answer.lead"),
    service.name[lang],
    `${service.what_happens[lang]} ${service.who_is_told[lang]}`,
    `☎ ${numbers} · ${service.hours[lang]} · ${service.cost[lang]}`,
    text(turn, "answer.source", {
      source: service.sources[0]?.title ?? "",
      date: dayInWords(service.checked_on, lang),
    }),
    // Nothing may make anybody hesitate to call the police or an ambulance.
    ...(service.review.state === "pending" && service.kind !== "emergency"
      ? [text(turn, "answer.pending")]
      : []),
  ].join("\n\n");
}

/** For whom an answer is, by the door that she chose; undefined: she only asks, or has not said. */
export function audienceOf(door: string | undefined): Audience | undefined {
  switch (door) {
    case "hurt":
      return "survivor";
    case "at_risk":
      return "at_risk";
    case "helper":
      return "helper";
    case "own_violence":
      return "own_violence";
    default:
      return undefined;
  }
}
