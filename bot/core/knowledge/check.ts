/** Judges the whole knowledge base: what the schema of one article cannot see (dates, neighbours, words, numbers). */

import type { Bilingual, Lang } from "../message.ts";
import type { Problem } from "../problem.ts";
import type { Article } from "./article.ts";
import { type BannedPhrase, bannedFaults, whyBanned } from "./banned.ts";
import { likePairs } from "./likeness.ts";
import { phonesIn, sameDigits } from "./phones.ts";
import { longestSentence, MAX_SENTENCE } from "./reading-ease.ts";
import type { Province, Service } from "./service.ts";
import { TO_WRITE } from "./template.ts";
import { waysOfAsking } from "./ways-of-asking.ts";

/** Where a thing stands: `article:ID`, `ARTICLE#N` with a language, `service:ID` or `province:ID`. */
export type PlaceOf = (key: string, lang?: Lang) => { readonly file?: string; readonly line?: number };

export interface KnowledgeInput {
  readonly articles: readonly Article[];
  readonly services: readonly Service[];
  readonly provinces: readonly Province[];
  readonly banned: readonly BannedPhrase[];
  /** Today in Viet Nam, as 2026-11-22. */
  readonly today: string;
  readonly placeOf?: PlaceOf;
  /** Only these (`article:ID`, `service:ID`, `province:ID`) are judged, beside all the others; absent: all. */
  readonly only?: ReadonlySet<string>;
}

export interface KnowledgeReport {
  readonly problems: readonly Problem[];
  /** Overdue articles and expired services: must not be shown until somebody has checked them again. */
  readonly withdrawn: readonly { readonly key: string; readonly since: string }[];
  /** How many wait for their professional review. */
  readonly pending: { readonly articles: number; readonly services: number };
}

/** The last day on which it may be shown has gone by. */
export function isOverdue(reviewBy: string, today: string): boolean {
  return reviewBy < today;
}

/** Every problem of the knowledge base, worst places first as they come; never throws. */
export function checkKnowledge(input: KnowledgeInput): KnowledgeReport {
  const problems: Problem[] = [];
  for (const article of input.articles)
    if (isWanted(`article:${article.id}`, input)) problems.push(...articleProblems(article, input));
  problems.push(...serviceProblems(input), ...provinceProblems(input));
  problems.push(...sharedQuestions(input), ...nearDuplicates(input));
  return {
    problems,
    withdrawn: [
      ...input.articles
        .filter((a) => isOverdue(a.review_by, input.today))
        .map((a) => ({ key: `article:${a.id}`, since: a.review_by })),
      ...input.services
        .filter((s) => isOverdue(s.expires_on, input.today))
        .map((s) => ({ key: `service:${s.id}`, since: s.expires_on })),
    ],
    pending: {
      articles: input.articles.filter((a) => a.review.state === "pending").length,
      services: input.services.filter((s) => s.review.state === "pending").length,
    },
  };
}

function isWanted(key: string, { only }: KnowledgeInput): boolean {
  return only?.has(key) ?? true;
}

type Report = (code: string, message: string, field?: string, severity?: Problem["severity"]) => Problem;

/** The reason stands in the list in both languages. */
function banned(report: Report, phrase: BannedPhrase, field: string): Problem {
  const { message, vi } = whyBanned(phrase);
  return { ...report("banned_phrase", message, field, phrase.severity), vi };
}

function reporter(key: string, input: KnowledgeInput, lang?: Lang): Report {
  const place = input.placeOf?.(key, lang) ?? {};
  return (code, message, field, severity = "error") => ({
    code: `knowledge.${code}`,
    message,
    severity,
    field: field === undefined ? key : `${key}.${field}`,
    ...place,
  });
}

function articleProblems(article: Article, input: KnowledgeInput): Problem[] {
  const report = reporter(`article:${article.id}`, input);
  const problems = dateProblems(article.checked_on, article.review_by, "review_by", input.today, report);
  const known = new Set(input.articles.map((a) => a.id));
  for (const id of article.related) {
    if (id === article.id)
      problems.push(report("related_self", "an article cannot offer itself next", "related"));
    else if (!known.has(id)) problems.push(report("related_dead", `there is no article "${id}"`, "related"));
  }
  const asked = [...waysOfAsking(article, "vi"), ...waysOfAsking(article, "en")];
  if (asked.some((q) => q.includes(TO_WRITE)))
    problems.push(report("unwritten", "this is still the template", "questions"));
  article.sources.forEach((source, i) => {
    if (source.title.includes(TO_WRITE))
      problems.push(report("unwritten", "this is still the template", `sources.${i}`));
    if (source.confidence === "L") {
      problems.push(report("source_weak", `"${source.title}" is too weak to tell people`, `sources.${i}`));
    }
    if (source.url === undefined) {
      problems.push(
        report("source_no_address", `"${source.title}" has no address`, `sources.${i}`, "warning"),
      );
    }
  });
  article.law.forEach((law, i) => {
    if (!/\d/.test(law.document + law.articles)) {
      problems.push(report("law_no_number", `"${law.document}" needs a number or an article`, `law.${i}`));
    }
  });
  problems.push(...textProblems(article.title, `article:${article.id}`, "title", input));
  for (const passage of article.passages) {
    problems.push(...textProblems(passage.heading, passage.id, "heading", input));
    problems.push(...textProblems(passage.text, passage.id, "text", input));
    problems.push(...passageProblems(passage.id, passage.text, article, input));
  }
  return problems;
}

function dateProblems(
  checked: string,
  until: string,
  field: string,
  today: string,
  report: Report,
): Problem[] {
  const problems: Problem[] = [];
  if (!isDay(checked))
    problems.push(report("date_wrong", `${checked} is not a day of the calendar`, "checked_on"));
  if (!isDay(until)) problems.push(report("date_wrong", `${until} is not a day of the calendar`, field));
  if (checked > today)
    problems.push(report("date_future", `checked on ${checked}, which is not yet`, "checked_on"));
  if (until <= checked) {
    // Who sets a day that is over means to take it away from people: it must not end at this fault.
    const wish = isOverdue(until, today) ? "; to withdraw it at once, set both to days that are over" : "";
    problems.push(report("date_order", `${until} is not after the check on ${checked}${wish}`, field));
  }
  if (isOverdue(until, today)) {
    problems.push(
      report("overdue", `withdrawn since ${until}: check it again and set a new day`, field, "warning"),
    );
  }
  return problems;
}

/** A real day: "2026-02-30" has the form but does not exist. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

const MARKUP = /<[a-z/!][^>]*>|\]\(|\*\*|^\s*[-*] \[|&[a-z]+;/im;

function textProblems(text: Bilingual, key: string, field: string, input: KnowledgeInput): Problem[] {
  const problems: Problem[] = [];
  for (const lang of ["vi", "en"] as const) {
    const report = reporter(key, input, lang);
    const where = `${field}.${lang}`;
    for (const fault of bannedFaults(text[lang], lang, input.banned)) {
      problems.push(banned(report, fault, where));
    }
    if (MARKUP.test(text[lang])) {
      problems.push(report("markup", "no HTML, links or bold: chats show it as it is", where));
    }
    if (text[lang].includes(TO_WRITE))
      problems.push(report("unwritten", "this is still the template", where));
    problems.push(...phoneProblems(text[lang], where, report, input));
  }
  return problems;
}

/** Numbers that a reader would call and that nobody has checked. */
function phoneProblems(text: string, where: string, report: Report, input: KnowledgeInput): Problem[] {
  const allowed = input.services
    .filter((s) => s.status === "use")
    .flatMap((s) => s.phones.map((p) => p.number));
  return phonesIn(text)
    .filter((phone) => !allowed.some((number) => sameDigits(number, phone)))
    .map((phone) => report("phone_unknown", `${phone} is not in the directory with status use`, where));
}

const NAMES_LAW =
  /theo luật|luật (?:nói|cho|gọi|coi|cấm|bắt|kể|phạt|buộc|quy định|che chở)|nghị định|bộ luật|điều \d/iu;

function passageProblems(id: string, text: Bilingual, article: Article, input: KnowledgeInput): Problem[] {
  const problems: Problem[] = [];
  for (const lang of ["vi", "en"] as const) {
    const report = reporter(id, input, lang);
    const { count, sentence } = longestSentence(text[lang]);
    if (count > MAX_SENTENCE[lang]) {
      problems.push(
        report(
          "hard_to_read",
          `${count} syllables in one sentence (at most ${MAX_SENTENCE[lang]}): "${sentence}"`,
          `text.${lang}`,
          "warning",
        ),
      );
    }
  }
  if (article.law.length === 0 && NAMES_LAW.test(text.vi)) {
    const report = reporter(id, input, "vi");
    problems.push(
      report("law_unnamed", "speaks of law, but the head names no law with its number", "text.vi", "warning"),
    );
  }
  return problems;
}

/** Whoever looks for somebody who fled must not find the house here (domain.md C3.9). */
const IS_HIDDEN: ReadonlySet<Service["kind"]> = new Set(["shelter", "one-stop"]);
const STREET =
  /(?<!\p{L})(?:(?:số nhà|ngõ|ngách|hẻm|kiệt)\s+\d|(?:(?<![Tt]hành )phố|đường)\s+\p{Lu}|\d+[a-z]?(?:\/\d+)*,?\s+(?:\p{Lu}[\p{L}\p{M}]*\s+){1,4}(?:[Ss]treet|[Rr]oad|[Aa]lley|[Ll]ane|[Aa]venue)(?!\p{L}))/u;

function serviceProblems(input: KnowledgeInput): Problem[] {
  const provinces = new Set(input.provinces.map((p) => p.id));
  return input.services.flatMap((service) => {
    if (!isWanted(`service:${service.id}`, input)) return [];
    const report = reporter(`service:${service.id}`, input);
    const problems = dateProblems(service.checked_on, service.expires_on, "expires_on", input.today, report);
    for (const id of service.area.provinces) {
      if (!provinces.has(id))
        problems.push(report("province_unknown", `there is no province "${id}"`, "area"));
    }
    if (service.area.scope === "provinces" && service.area.provinces.length === 0) {
      problems.push(report("area_empty", "names no province", "area"));
    }
    if (service.status === "use" && service.confidence === "L") {
      problems.push(report("service_weak", "a weakly sourced service may only have status verify", "status"));
    }
    service.phones.forEach(({ number }, i) => {
      const barred = input.banned.find((b) => /^[\d ]+$/.test(b.text) && sameDigits(b.text, number));
      if (barred) problems.push(banned(report, barred, `phones.${i}.number`));
    });
    for (const field of ["name", "hours", "cost", "what_happens", "who_is_told"] as const) {
      if (service[field].vi.includes(TO_WRITE) || service[field].en.includes(TO_WRITE))
        problems.push(report("unwritten", "this is still the template", field));
      problems.push(...bannedIn(service[field], `service:${service.id}`, field, input));
      for (const lang of ["vi", "en"] as const) {
        const [text, where] = [service[field][lang], `${field}.${lang}`];
        if (MARKUP.test(text))
          problems.push(report("markup", "no HTML, links or bold: chats show it as it is", where));
        problems.push(...phoneProblems(text, where, report, input));
        if (IS_HIDDEN.has(service.kind) && STREET.test(text))
          problems.push(
            report("shelter_address", "no street address of a house where people are kept safe", where),
          );
      }
    }
    return problems;
  });
}

function bannedIn(text: Bilingual, key: string, field: string, input: KnowledgeInput): Problem[] {
  return (["vi", "en"] as const).flatMap((lang) =>
    bannedFaults(text[lang], lang, input.banned).map((fault) =>
      banned(reporter(key, input), fault, `${field}.${lang}`),
    ),
  );
}

function provinceProblems(input: KnowledgeInput): Problem[] {
  const known = new Set(input.provinces.map((p) => p.id));
  const owner = new Map<string, string>();
  const wanted = input.provinces.some((p) => isWanted(`province:${p.id}`, input));
  if (!wanted) return [];
  return input.provinces.flatMap((province) => {
    const report = reporter(`province:${province.id}`, input);
    const problems: Problem[] = [];
    for (const id of province.near) {
      if (!known.has(id)) problems.push(report("province_unknown", `there is no province "${id}"`, "near"));
    }
    for (const name of [province.name, ...province.aliases]) {
      const key = name.normalize("NFC").toLocaleLowerCase("vi");
      const other = owner.get(key);
      if (other !== undefined && other !== province.id) {
        problems.push(report("alias_twice", `"${name}" already means ${other}`, "aliases"));
      }
      owner.set(key, province.id);
    }
    return problems;
  });
}

/** The same question typed under two articles: finding cannot tell which one is meant. */
function sharedQuestions(input: KnowledgeInput): Problem[] {
  const owner = new Map<string, string>();
  const problems: Problem[] = [];
  for (const article of input.articles) {
    const asked = (["vi", "en"] as const).flatMap((lang) => [
      ...article.questions[lang].map((q, i) => [`questions.${lang}.${i}`, q] as const),
      ...article.passages.flatMap(({ asks }) => asks[lang].map((q) => ["questions", q] as const)),
    ]);
    for (const [field, question] of asked) {
      const key = question.normalize("NFC").toLocaleLowerCase("vi");
      const other = owner.get(key);
      const isJudged = isWanted(`article:${article.id}`, input) || isWanted(`article:${other}`, input);
      if (other !== undefined && isJudged) {
        const report = reporter(`article:${article.id}`, input);
        problems.push(report("question_twice", `"${question}" already leads to ${other}`, field, "warning"));
      }
      owner.set(key, article.id);
    }
  }
  return problems;
}

function nearDuplicates(input: KnowledgeInput): Problem[] {
  const passages = input.articles.flatMap((a) => a.passages.map((p) => ({ id: p.id, text: p.text.vi })));
  const judged = input.articles.filter((a) => isWanted(`article:${a.id}`, input));
  if (judged.length === 0) return [];
  const of = input.only && new Set(judged.flatMap((a) => a.passages.map((p) => p.id)));
  return likePairs(passages, undefined, of).map(({ a, b, likeness }) =>
    reporter(b, input, "vi")(
      "near_duplicate",
      `says nearly the same as ${a} (${Math.round(likeness * 100)} % of three-syllable runs shared)`,
      "text.vi",
      likeness >= 0.8 ? "error" : "warning",
    ),
  );
}
