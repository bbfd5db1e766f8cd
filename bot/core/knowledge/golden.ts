/** Golden questions: what a person might type and which articles truly answer it. An empty `ids` must stay unanswered. */

import { z } from "zod";
import { langOf } from "../language.ts";
import type { Problem } from "../problem.ts";
import type { Search } from "../retrieval/search.ts";
import type { Article } from "./article.ts";
import type { Service } from "./service.ts";
import { waysOfAsking } from "./ways-of-asking.ts";

export const goldenSchema = z.object({
  question: z.string().trim().min(2),
  /** Article ids, or `service:ID`. */
  ids: z.array(z.string()),
  /** Of its articles the passages that answer it, as `ARTICLE#N`; for questions whose passage somebody has looked at. */
  passages: z.array(z.string()).optional(),
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

/** What becomes of one golden question: what is first among the hits, and whether that is said. */
export interface GoldenVerdict {
  /** An article's id or `service:ID`; null: nothing was found. */
  readonly first: string | null;
  readonly answered: boolean;
  /** The right one is first and said; or, where nothing may be said, nothing is. */
  readonly right: boolean;
}

/** Asks one golden question of a search. */
export function judgeGolden(search: Search, golden: GoldenQuestion, today: string): GoldenVerdict {
  const found = search({ text: golden.question, lang: langOf(golden.question), limit: 1, today });
  const first = found.hits[0]?.id.replace(/#\d+$/, "") ?? null;
  const right =
    golden.ids.length === 0
      ? !found.answered
      : found.answered && first !== null && golden.ids.includes(first);
  return { first, answered: found.answered, right };
}

export interface GoldenChange {
  readonly question: string;
  /** What truly answers it; none: it must stay unanswered. */
  readonly ids: readonly string[];
  readonly before: GoldenVerdict;
  readonly after: GoldenVerdict;
  /** fell: right before, wrong now. rose: the other way round. other: another first answer, neither better nor worse. */
  readonly kind: "fell" | "rose" | "other";
}

/** Which questions are answered otherwise: those that fall first. Verdicts stand in the order of the questions. */
export function compareGolden(
  questions: readonly GoldenQuestion[],
  before: readonly GoldenVerdict[],
  after: readonly GoldenVerdict[],
): GoldenChange[] {
  const changes = questions.flatMap(({ question, ids }, i): GoldenChange[] => {
    const [was, is] = [before[i], after[i]];
    // Of two silences only the topics offered differ: nobody is answered otherwise.
    const said = (verdict: GoldenVerdict) => (verdict.answered ? verdict.first : null);
    if (!was || !is || (said(was) === said(is) && was.answered === is.answered)) return [];
    const kind = was.right === is.right ? "other" : is.right ? "rose" : "fell";
    return [{ question, ids, before: was, after: is, kind }];
  });
  const order = { fell: 0, rose: 1, other: 2 };
  return changes.sort((a, b) => order[a.kind] - order[b.kind]);
}

/** What is wrong with a file of golden questions, one JSON object a line. */
export function goldenProblems(
  file: string,
  text: string,
  articles: readonly Article[],
  services: readonly Service[],
): Problem[] {
  const ids = new Set([...articles.map((a) => a.id), ...services.map((s) => `service:${s.id}`)]);
  const passageIds = new Set(articles.flatMap((a) => a.passages.map((p) => p.id)));
  const asked = new Set(
    articles.flatMap((a) => [...waysOfAsking(a, "vi"), ...waysOfAsking(a, "en")]).map(plain),
  );
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
    const passages = golden.data.passages ?? [];
    const missing = passages.filter((id) => !passageIds.has(id));
    const dead = golden.data.ids.filter((id) => !ids.has(id));
    // One withdrawn article among several is news for the editor; a question with no answer left measures nothing.
    const severity = dead.length === golden.data.ids.length ? "error" : "warning";
    const problems = [
      ...dead.map((id) => say("golden_dead", `there is no article "${id}"`, severity)),
      ...missing.map((id) => say("golden_dead", `there is no passage "${id}"`, "warning")),
    ];
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
