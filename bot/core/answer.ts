/** Answers a question with an approved passage, its source and date; or says that there is no answer (silence rule). */

import { dayInWords, dayOf } from "./day.ts";
import { feedbackChoices, noteIfAskedAgain, noteUnanswered } from "./feedback.ts";
import type { Article, Passage } from "./knowledge/article.ts";
import { lawPlace } from "./knowledge/law-place.ts";
import { atLeast } from "./level.ts";
import type { Choice } from "./message.ts";
import type { Hit, SearchResult } from "./retrieval/search.ts";
import type { Audience } from "./schema.ts";
import { count, say, type Turn, text } from "./turn.ts";

/** How many other things are offered under an answer or a silence. */
const MAX_NEXT = 3;

/** Finds, without saying anything yet. */
export function find(turn: Turn, question: string): SearchResult {
  const { state, world, event } = turn;
  const audience = audienceOf(state.remembered.door);
  return world.search({
    text: question,
    lang: state.lang,
    before: state.asked,
    limit: 6,
    today: dayOf(event.at),
    ...(audience ? { audience } : {}),
  });
}

/** Says what was found; remembers the question as context for the next. */
export function sayFound(turn: Turn, question: string, found: SearchResult): void {
  rememberAsked(turn, question);
  const best = found.answered ? found.hits.find((h) => mayShow(turn, h)) : undefined;
  if (!best) {
    sayNothingFound(turn, question, found);
    return;
  }
  count(turn, "answered", { article: best.id.split("#")[0] ?? best.id });
  say(turn, hitText(turn, best));
  say(turn, "", { choices: answerChoices(turn, found.hits, best.id) });
}

/** Context for the next question; one that she has to ask again is for the editors. */
export function rememberAsked(turn: Turn, question: string): void {
  noteIfAskedAgain(turn, question);
  turn.state.asked = [...turn.state.asked, question].slice(-2);
}

/** What can be chosen under an answer: other things found, a human, the menu, and whether it helped. */
export function answerChoices(turn: Turn, hits: readonly Hit[], shown?: string): Choice[] {
  return [...nextChoices(turn, hits, shown), ...standingChoices(turn), ...feedbackChoices(turn, shown)];
}

/** Shows one article by its id: a tapped "ask next". false: there is none (withdrawn meanwhile). */
export function sayArticle(turn: Turn, id: string): boolean {
  const article = turn.world.articles.get(id);
  const first = article?.passages[0];
  if (!article || !first || !isShowable(turn, article)) return false;
  count(turn, "answered", { article: id });
  sayPassage(turn, article, first);
  return true;
}

/** One passage as an answer by itself, with what can be chosen under it. */
export function sayPassage(turn: Turn, article: Article, passage: Passage): void {
  say(turn, passageText(turn, article, passage));
  const next = article.related.flatMap((r) => articleChoice(turn, r)).slice(0, MAX_NEXT);
  say(turn, "", { choices: [...next, ...standingChoices(turn), ...feedbackChoices(turn, article.id)] });
}

/** One entry of the directory as an answer by itself. */
export function sayService(turn: Turn, id: string): void {
  say(turn, serviceText(turn, id) ?? "", { choices: standingChoices(turn) });
}

export function standingChoices(turn: Turn): Choice[] {
  const human: Choice[] = turn.state.case
    ? []
    : [{ kind: "answer", label: text(turn, "choice.human"), value: "go:human" }];
  return [...human, { kind: "answer", label: text(turn, "choice.menu"), value: "go:menu", style: "quiet" }];
}

function sayNothingFound(turn: Turn, question: string, found: SearchResult): void {
  const above = found.answered && found.hits.length > 0;
  count(turn, "unanswered", { why: above ? "level" : "bar" });
  if (!above) noteUnanswered(turn, question);
  const next = nextChoices(turn, found.hits);
  say(turn, text(turn, above ? "answer.above_level" : "answer.none"));
  if (next.length > 0 && !above) say(turn, text(turn, "answer.nearest"));
  say(turn, "", {
    choices: [
      ...(above ? [] : next),
      ...standingChoices(turn),
      { kind: "answer", label: text(turn, "choice.numbers"), value: "go:numbers" },
    ],
  });
}

function hitText(turn: Turn, hit: Hit): string {
  if (hit.id.startsWith("service:")) return serviceText(turn, hit.id.slice("service:".length)) ?? hit.text;
  const [id = ""] = hit.id.split("#");
  const article = turn.world.articles.get(id);
  const passage = article?.passages.find((p) => p.id === hit.id);
  return article && passage ? passageText(turn, article, passage) : hit.text;
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
function serviceText(turn: Turn, id: string): string | null {
  const service = turn.world.services.get(id);
  if (!service) return null;
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

/** Other articles among the hits, without the one just shown. */
function nextChoices(turn: Turn, hits: readonly Hit[], shown?: string): Choice[] {
  const seen = new Set([shown?.split("#")[0]]);
  const choices: Choice[] = [];
  for (const hit of hits) {
    const [id = ""] = hit.id.split("#");
    if (seen.has(id) || choices.length >= MAX_NEXT) continue;
    seen.add(id);
    choices.push(...articleChoice(turn, id));
  }
  return choices;
}

function articleChoice(turn: Turn, id: string): Choice[] {
  const article = turn.world.articles.get(id);
  if (!article || !isShowable(turn, article)) return [];
  return [{ kind: "answer", label: article.title[turn.state.lang], value: `a:${id}`.slice(0, 62) }];
}

export function mayShow(turn: Turn, hit: Hit): boolean {
  if (hit.id.startsWith("service:")) {
    const service = turn.world.services.get(hit.id.slice("service:".length));
    return service !== undefined && service.expires_on >= dayOf(turn.event.at);
  }
  const article = turn.world.articles.get(hit.id.split("#")[0] ?? "");
  return article !== undefined && isShowable(turn, article);
}

/**
 * Some texts are not for somebody in danger now, staff guides are for staff, and what has passed its review is shown to
 * nobody, even while an older library is still in force.
 */
export function isShowable(turn: Turn, article: Article): boolean {
  return (
    article.review_by >= dayOf(turn.event.at) &&
    atLeast(article.max_level, turn.state.level) &&
    article.audience.some((a) => a !== "staff")
  );
}

function audienceOf(door: string | undefined): Audience | undefined {
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
