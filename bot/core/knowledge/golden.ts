/** Golden questions: what a person might type and which articles truly answer it. An empty `ids` must stay unanswered. */

import { z } from "zod";
import type { Problem } from "../problem.ts";
import type { Article } from "./article.ts";
import type { Service } from "./service.ts";

export const goldenSchema = z.object({
  question: z.string().trim().min(2),
  /** Article ids, or `service:ID`. */
  ids: z.array(z.string()),
  /** dev: aliases were written after a look at it. unseen: only for measuring, never to write aliases from. */
  split: z.enum(["dev", "unseen"]).optional(),
});

export type GoldenQuestion = Readonly<z.infer<typeof goldenSchema>>;

/** The questions of one file; lines that are none are `goldenProblems`' business and left out. */
export function readGolden(text: string): GoldenQuestion[] {
  return text.split("\n").flatMap((row) => {
    const read = row.trim() === "" ? undefined : goldenSchema.safeParse(parseJson(row)).data;
    return read ? [read] : [];
  });
}

/** What is wrong with a file of golden questions, one JSON object a line. */
export function goldenProblems(
  file: string,
  text: string,
  articles: readonly Article[],
  services: readonly Service[],
): Problem[] {
  const ids = new Set([...articles.map((a) => a.id), ...services.map((s) => `service:${s.id}`)]);
  const asked = new Set(articles.flatMap((a) => [...a.questions.vi, ...a.questions.en]).map(plain));
  return text.split("\n").flatMap((row, i) => {
    if (row.trim() === "") return [];
    const say = (code: string, message: string, severity: Problem["severity"] = "error"): Problem => ({
      code: `knowledge.${code}`,
      message,
      file,
      line: i + 1,
      severity,
    });
    const golden = goldenSchema.safeParse(parseJson(row));
    if (!golden.success) return [say("golden_form", 'needs {"question": "…", "ids": ["…"]}')];
    const dead = golden.data.ids.filter((id) => !ids.has(id));
    // One withdrawn article among several is news for the editor; a question with no answer left measures nothing.
    const severity = dead.length === golden.data.ids.length ? "error" : "warning";
    const problems = dead.map((id) => say("golden_dead", `there is no article "${id}"`, severity));
    if (asked.has(plain(golden.data.question))) {
      const message = `"${golden.data.question}" stands word for word in an article, so it proves nothing`;
      problems.push(say("golden_copied", message, "warning"));
    }
    return problems;
  });
}

function plain(question: string): string {
  return question
    .normalize("NFC")
    .toLocaleLowerCase("vi")
    .replace(/[?.,\s]+/g, " ")
    .trim();
}

function parseJson(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return undefined;
  }
}
