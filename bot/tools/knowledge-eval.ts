/** `npm run knowledge:eval`: how often the golden questions find their article, and how often silence is right; with 95 % intervals. */

import { parseArgs } from "node:util";
import { dayOf } from "../core/day.ts";
import type { GoldenQuestion } from "../core/knowledge/golden.ts";
import { langOf } from "../core/language.ts";
import { makeSearch } from "../core/retrieval/make-search.ts";
import type { Search } from "../core/retrieval/search.ts";
import type { SearchData } from "../core/retrieval/tuning.ts";
import { measurable } from "./knowledge-files.ts";
import { FORMS, type Form, inForm } from "./written-forms.ts";

const { values } = parseArgs({
  options: {
    knowledge: { type: "string", multiple: true, default: ["knowledge"] },
    today: { type: "string", default: dayOf(Date.now()) },
    /** Prints each question that fails, in this form. */
    failures: { type: "string" },
  },
});
const AS_TYPED = ["English", "long tellings, as they are typed"] as const;
type AsTyped = (typeof AS_TYPED)[number];
const started = performance.now();
const { articles, services, provinces, data, indexFor, golden, heldOut, unaided, unaidedEnglish, tellings } =
  await measurable(values.knowledge);
const search = makeSearch(articles, services, provinces, data, indexFor);
const built = performance.now() - started;
const known = new Set([...articles.map(({ id }) => id), ...services.map(({ id }) => `service:${id}`)]);
const answerable = golden.filter(({ ids }) => ids.some((id) => known.has(id)));
const withPassage = answerable.filter(({ passages }) => passages !== undefined).length;
const unanswerable = golden.filter(({ ids }) => ids.length === 0);
console.log(
  `${articles.length} articles, ${services.length} services; read and built in ${built.toFixed(0)} ms`,
);
console.log(
  `${answerable.length} questions with an answer, ${unanswerable.length} that must stay unanswered\n`,
);
for (const form of FORMS) print(form, measure(form, search));
if (heldOut.length > 0) printHeldOut(search);
if (unaided.length > 0) printUnaided(search, unaided, FORMS);
if (unaidedEnglish.length > 0) printUnaided(search, unaidedEnglish, ["English"]);
if (tellings.length > 0) printUnaided(search, tellings, ["long tellings, as they are typed"]);

interface Measured {
  readonly first: number;
  readonly three: number;
  readonly reciprocal: number;
  /** Of those whose passage is known: the passage first, and in three. */
  readonly passageFirst: number;
  readonly passageThree: number;
  /** The right article is there, but silence is kept. */
  readonly silent: number;
  readonly firstAndAnswered: number;
  readonly answeredWrongly: number;
  readonly p50: number;
}

function ask(question: GoldenQuestion, form: Form, find: Search) {
  const text = inForm(question.question, form);
  return find({ text, lang: langOf(text), limit: 10, today: values.today });
}

function measure(form: Form, find: Search): Measured {
  const times: number[] = [];
  const counts = {
    first: 0,
    three: 0,
    reciprocal: 0,
    passageFirst: 0,
    passageThree: 0,
    silent: 0,
    firstAndAnswered: 0,
    answeredWrongly: 0,
  };
  for (const question of answerable) {
    const start = performance.now();
    const { answered, hits } = ask(question, form, find);
    times.push(performance.now() - start);
    const place = hits.findIndex(
      ({ id }) => question.ids.includes(id) || question.ids.includes(id.replace(/#\d+$/, "")),
    );
    if (place === 0) counts.first++;
    if (place === 0 && answered) counts.firstAndAnswered++;
    if (place >= 0 && place < 3) counts.three++;
    if (place >= 0) counts.reciprocal += 1 / (place + 1);
    const passage = hits.findIndex(({ id }) => question.passages?.includes(id));
    if (passage === 0) counts.passageFirst++;
    if (passage >= 0 && passage < 3) counts.passageThree++;
    if (!answered) counts.silent++;
    if (values.failures === form && (place !== 0 || !answered)) {
      console.log(
        `${answered ? " " : "S"} ${place}\t${question.question}\t${question.ids.join(",")}\t${hits[0]?.id}`,
      );
    }
  }
  for (const question of unanswerable) {
    if (!ask(question, form, find).answered) continue;
    counts.answeredWrongly++;
    if (values.failures === form) console.log(`! answered\t${question.question}`);
  }
  times.sort((a, b) => a - b);
  return { ...counts, p50: times[times.length >> 1] ?? 0 };
}

function print(form: Form, m: Measured): void {
  const n = answerable.length;
  const lines = [
    `right article first            ${share(m.first, n)}`,
    `right article in three         ${share(m.three, n)}`,
    `first and answered             ${share(m.firstAndAnswered, n)}`,
    `right passage first            ${share(m.passageFirst, withPassage)}`,
    `right passage in three         ${share(m.passageThree, withPassage)}`,
    `MRR@10                         ${((100 * m.reciprocal) / Math.max(1, n)).toFixed(1)} %`,
    `false silence                  ${share(m.silent, n)}`,
    `false answer                   ${share(m.answeredWrongly, unanswerable.length)}`,
    `time, median                   ${m.p50.toFixed(2)} ms`,
  ];
  console.log(`${form}\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}

/** Strangers' ways of asking, each for one passage; that another one may answer as well is not counted. */
function printHeldOut(find: Search): void {
  console.log(
    `${heldOut.length} ways of asking that no article has learnt, by a stranger, each for one passage`,
  );
  for (const form of FORMS) {
    const places = heldOut.map(({ passage, question }) => {
      const text = inForm(question, form);
      const { hits } = find({ text, lang: langOf(text), limit: 10, today: values.today });
      const articleOf = (id: string) => id.replace(/#\d+$/, "");
      return {
        passage: hits.findIndex(({ id }) => id === passage),
        article: hits.findIndex(({ id }) => articleOf(id) === articleOf(passage)),
      };
    });
    const within = (what: "passage" | "article", most: number) =>
      share(places.filter((p) => p[what] >= 0 && p[what] < most).length, heldOut.length);
    console.log(
      `${form}\n  that passage first             ${within("passage", 1)}\n  that passage in three          ${within("passage", 3)}`,
    );
    console.log(
      `  its article first              ${within("article", 1)}\n  its article in three           ${within("article", 3)}\n`,
    );
  }
}

/** A share in percent with Wilson's 95 % interval. */
function share(count: number, of: number): string {
  if (of === 0) return "–";
  const z = 1.96;
  const p = count / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  const percent = (x: number) => (100 * x).toFixed(1);
  return `${percent(p)} %  (${percent(Math.max(0, middle - half))}–${percent(Math.min(1, middle + half))}; ${count} of ${of})`;
}

function isAsTyped(form: Form | AsTyped): form is AsTyped {
  return (AS_TYPED as readonly string[]).includes(form);
}

/** What our test writers asked before they had seen any passage: one of those that they would be content with comes first, or in three. */
function printUnaided(find: Search, asked: SearchData["asked"], forms: readonly (Form | AsTyped)[]): void {
  const ours = asked.filter(({ passages }) => passages.length > 0);
  const others = asked.filter(({ passages }) => passages.length === 0);
  console.log(
    `${ours.length} questions that test writers asked before they had seen any passage, and ${others.length} that are not ours`,
  );
  for (const form of forms) {
    const ask = (question: string) => {
      // Written as it is typed already.
      const text = isAsTyped(form) ? question : inForm(question, form);
      return find({ text, lang: langOf(text), limit: 10, today: values.today });
    };
    const found = ours.map(({ question, passages }) => {
      const { answered, hits } = ask(question);
      return { answered, place: hits.findIndex(({ id }) => passages.includes(id)) };
    });
    const within = (most: number) =>
      share(found.filter(({ place }) => place >= 0 && place < most).length, ours.length);
    const answered = others.filter(({ question }) => ask(question).answered).length;
    console.log(
      `${form}\n  a right passage first          ${within(1)}\n  a right passage in three       ${within(3)}`,
    );
    console.log(
      `  met silence                    ${share(found.filter((f) => !f.answered).length, ours.length)}\n  not ours, but answered         ${share(answered, others.length)}\n`,
    );
  }
}
