/** Answers a question with an approved passage, its source and date; or says that there is no answer (silence rule). */

import type { Article, Passage } from "./knowledge/article.ts";
import { atLeast } from "./level.ts";
import type { Choice } from "./message.ts";
import { redact } from "./redact.ts";
import type { Hit, SearchResult } from "./retrieval/search.ts";
import type { Audience } from "./schema.ts";
import { count, effect, say, text, type Turn } from "./turn.ts";

/** How many other things are offered under an answer or a silence. */
const MAX_NEXT = 3;

/** Finds, without saying anything yet. */
export function find(turn: Turn, question: string): SearchResult {
  const { state, world } = turn;
  const audience = audienceOf(state.remembered["door"]);
  return world.search({
    text: question,
    lang: state.lang,
    before: state.asked,
    limit: 6,
    ...(audience ? { audience } : {}),
  });
}

/** Says what was found; remembers the question as context for the next. */
export function sayFound(turn: Turn, question: string, found: SearchResult): void {
  const { state } = turn;
  state.asked = [...state.asked, question].slice(-2);
  const best = found.answered ? found.hits.find((h) => mayShow(turn, h)) : undefined;
  if (!best) {
    sayNothingFound(turn, question, found);
    return;
  }
  count(turn, "answered", { article: best.id.split("#")[0] ?? best.id });
  say(turn, hitText(turn, best));
  say(turn, "", { choices: [...nextChoices(turn, found.hits, best), ...standingChoices(turn)] });
}

/** Shows one article by its id: a tapped "ask next". false: there is none (withdrawn meanwhile). */
export function sayArticle(turn: Turn, id: string): boolean {
  const article = turn.world.articles.get(id);
  const first = article?.passages[0];
  if (!article || !first || !mayShowArticle(turn, article)) return false;
  count(turn, "answered", { article: id });
  say(turn, passageText(turn, article, first));
  const next = article.related.flatMap((r) => articleChoice(turn, r)).slice(0, MAX_NEXT);
  say(turn, "", { choices: [...next, ...standingChoices(turn)] });
  return true;
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
  if (!above) effect(turn, { type: "note_unanswered", question: redact(question) });
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
  const source = article.sources[0];
  const law = article.law.map((l) => `${l.document}, ${lang === "vi" ? "Điều" : "Art."} ${l.articles}`).join("; ");
  const lines = [
    // The first line is what a lock screen shows: it must give nothing away (design.md §1 rule 5).
    text(turn, "answer.lead"),
    passage.heading[lang],
    passage.text[lang],
    text(turn, "answer.source", { source: law || (source?.title ?? ""), date: article.checked_on }),
  ];
  if (article.review.state === "pending") lines.push(text(turn, "answer.pending"));
  return lines.filter((l) => l !== "").join("\n\n");
}

/** What happens and who is told come before the number (domain.md §0.10). */
function serviceText(turn: Turn, id: string): string | null {
  const service = turn.world.services.get(id);
  if (!service) return null;
  const { lang } = turn.state;
  const numbers = service.phones.map((p) => (p.label ? `${p.number} (${p.label[lang]})` : p.number)).join(", ");
  return [
    text(turn, "answer.lead"),
    service.name[lang],
    `${service.what_happens[lang]} ${service.who_is_told[lang]}`,
    `☎ ${numbers} · ${service.hours[lang]} · ${service.cost[lang]}`,
    text(turn, "answer.source", { source: service.sources[0]?.title ?? "", date: service.checked_on }),
  ].join("\n\n");
}

/** Other articles among the hits, without the one just shown. */
function nextChoices(turn: Turn, hits: readonly Hit[], shown?: Hit): Choice[] {
  const seen = new Set([shown?.id.split("#")[0]]);
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
  if (!article || !mayShowArticle(turn, article)) return [];
  return [{ kind: "answer", label: article.title[turn.state.lang], value: `a:${id}`.slice(0, 62) }];
}

function mayShow(turn: Turn, hit: Hit): boolean {
  if (hit.id.startsWith("service:")) return true;
  const article = turn.world.articles.get(hit.id.split("#")[0] ?? "");
  return article !== undefined && mayShowArticle(turn, article);
}

/** Some texts are not for somebody in danger now, and staff guides are for staff. */
function mayShowArticle(turn: Turn, article: Article): boolean {
  return atLeast(article.max_level, turn.state.level) && article.audience.some((a) => a !== "staff");
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
