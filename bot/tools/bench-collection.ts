/** The collections that the bench asks: of several kinds, lengths and sizes, and all of them our own words. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Article } from "../core/knowledge/article.ts";
import type { GoldenQuestion } from "../core/knowledge/golden.ts";
import { scan } from "../core/retrieval/cut.ts";
import type { Passage } from "../core/retrieval/index.ts";

export interface Asked {
  readonly question: string;
  /** Right passages, or what their ids begin with before `#`. */
  readonly ids: readonly string[];
}

export interface Collection {
  readonly name: string;
  readonly passages: readonly Passage[];
  readonly questions: readonly Asked[];
}

/** Reads `id|title|text|lay question;lay question|plain question;plain question` lines; title and the last may be missing. */
export function readPassages(file: string): { passages: Passage[]; lay: Asked[]; plain: Asked[] } {
  const rows = file
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("|"));
  const asked = (id: string, questions = "") =>
    questions
      .split(";")
      .filter((question) => question.trim() !== "")
      .map((question) => ({ question: question.trim(), ids: [id] }));
  return {
    passages: rows.map(([id = "", title, text = ""]) => (title ? { id, title, text } : { id, text })),
    lay: rows.flatMap(([id = "", , , lay]) => asked(id, lay)),
    plain: rows.flatMap(([id = "", , , , plain]) => asked(id, plain)),
  };
}

/**
 * Every collection. `texts` is the folder with our own invented passages (`test/core/retrieval`): they are written for
 * measuring and are no advice. The largest is filled up to `size`.
 */
export function collections(
  texts: string,
  articles: readonly Article[],
  golden: readonly GoldenQuestion[],
  size: number,
): Collection[] {
  const read = (name: string) => readPassages(readFileSync(join(texts, name), "utf8"));
  const law = read("official.txt");
  const others = ["health.txt", "news.txt", "encyclopedia.txt"].map(read);
  const kinds = {
    passages: others.flatMap(({ passages }) => passages),
    lay: others.flatMap(({ lay }) => lay),
    plain: others.flatMap(({ plain }) => plain),
  };
  const own = articles.flatMap((article) =>
    article.passages.map(
      (p): Passage => ({ id: p.id, title: `${article.title.vi}. ${p.heading.vi}`, text: p.text.vi }),
    ),
  );
  const wholes = articles.map(
    (article): Passage => ({
      id: article.id,
      title: article.title.vi,
      text: article.passages.map((p) => `${p.heading.vi}. ${p.text.vi}`).join("\n"),
    }),
  );
  const asked: Asked[] = golden.filter(({ ids }) => articles.some(({ id }) => ids.includes(id)));
  const aliases = articles.flatMap(({ id, questions }) =>
    questions.vi.map((question): Asked => ({ question, ids: [id] })),
  );
  const all = [...law.passages, ...kinds.passages, ...own];
  const known = knownItems(all);
  const mixed = mixedPassages(all, Math.max(0, size - all.length));
  const every = [...law.lay, ...kinds.lay, ...kinds.plain, ...asked.filter((_, i) => i % 8 === 0)];
  return [
    { name: "law, lay questions", passages: law.passages, questions: law.lay },
    {
      name: "health, news, encyclopedia: lay questions",
      passages: kinds.passages,
      questions: kinds.lay,
    },
    {
      name: "health, news, encyclopedia: plain questions",
      passages: kinds.passages,
      questions: kinds.plain,
    },
    { name: "our passages, golden questions", passages: own, questions: asked },
    { name: "our passages, alias questions", passages: own, questions: aliases },
    {
      name: "our passages without titles, golden questions",
      passages: own.map(({ id, text }) => ({ id, text })),
      questions: asked,
    },
    { name: "our articles as long passages, golden questions", passages: wholes, questions: asked },
    { name: "all of them, pieces of sentences", passages: all, questions: known },
    {
      name: `all of them among ${size} mixed: lay, plain and golden`,
      passages: [...all, ...mixed],
      questions: every,
    },
    {
      name: `all of them among ${size} mixed: pieces of sentences`,
      passages: [...all, ...mixed],
      questions: known,
    },
  ];
}

/** Numbers that look drawn and are always the same. */
function drawing(): (below: number) => number {
  let state = 20261122;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ENDINGS = ["", "là gì", "như thế nào", "thì sao", "có đúng không", "ra sao", "bao nhiêu"];

/** For every second passage what somebody half remembers of it: a piece of a sentence with gaps, and a word of asking. */
function knownItems(passages: readonly Passage[]): Asked[] {
  const draw = drawing();
  return passages.flatMap(({ id, text }, i): Asked[] => {
    const row: string[] = [];
    scan(
      text.toLowerCase(),
      (raw) => row.push(raw),
      () => {},
    );
    if (i % 2 === 1 || row.length < 12) return [];
    const length = 5 + draw(6);
    const start = draw(row.length - length);
    const kept = row.slice(start, start + length).filter(() => draw(5) > 0);
    return [{ question: `${kept.join(" ")} ${ENDINGS[draw(ENDINGS.length)]}`.trim(), ids: [id] }];
  });
}

/** Passages put together from a few words at a time of others: the same words in the same neighbourhoods, about nothing. */
export function mixedPassages(from: readonly Passage[], count: number): Passage[] {
  const draw = drawing();
  const words = from.map(({ text }) => text.split(/\s+/)).filter((row) => row.length > 8);
  const fragment = () => {
    const row = words[draw(words.length)] ?? [];
    const start = draw(Math.max(1, row.length - 5));
    return row.slice(start, start + 2 + draw(4)).join(" ");
  };
  const titles = from.map(({ title }) => title ?? "").filter(Boolean);
  return Array.from({ length: count }, (_, n) => {
    const heading = [0, 0].flatMap(() => {
      const title = (titles[draw(titles.length)] ?? "").split(" ");
      return title.slice(0, 2 + draw(3));
    });
    const text = Array.from({ length: 10 + draw(25) }, fragment).join(" ");
    return { id: `mixed-${n}`, title: heading.join(" "), text };
  });
}
