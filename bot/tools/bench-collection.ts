/** The collection that the bench composes: our official-style passages, and mixed ones that share their words but answer nothing. */

import type { Passage } from "../core/retrieval/index.ts";

/** Reads `id|title|text|question;question` lines. */
export function officialPassages(file: string): {
  passages: Passage[];
  questions: { question: string; ids: string[] }[];
} {
  const rows = file
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.split("|"));
  return {
    passages: rows.map(([id = "", title = "", text = ""]) => ({ id, title, text })),
    questions: rows.flatMap(([id = "", , , questions = ""]) =>
      questions.split(";").map((question) => ({ question: question.trim(), ids: [id] })),
    ),
  };
}

/** Passages put together from a few words at a time of others: the same words in the same neighbourhoods, about nothing. */
export function mixedPassages(from: readonly Passage[], count: number): Passage[] {
  let state = 20261122;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
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
