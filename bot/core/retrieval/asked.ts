/**
 * Reads what was asked unaided (`knowledge/search/asked/*.tsv`), with the faults by line: questions that our own test writers
 * thought up before they had seen any passage. No person who wrote to the service is among them.
 */

import type { Article } from "../knowledge/article.ts";
import type { Service } from "../knowledge/service.ts";
import { langOf } from "../language.ts";
import type { Lang } from "../message.ts";
import type { Problem } from "../problem.ts";
import type { SearchData } from "./tuning.ts";

/** Whether a file of `knowledge/search` holds what was asked, by its name in that folder. */
export function isAsked(name: string): boolean {
  return /^asked\/.+\.tsv$/.test(name);
}

/** The language of a file of what was asked, by its name: files of each other language stand in a folder of its own. */
export function langOfAsked(name: string): Lang {
  return name.startsWith("asked/en/") ? "en" : "vi";
}

/** What stands instead of passages when a question is not ours to answer. */
const NOT_OURS = "-";
const PASSAGE = /^(?:[a-z0-9-]+#[1-9]\d*|service:[a-z0-9-]+)$/;
/** A question may begin with "#" ("#metoo là gì"): only with a space behind it, or alone, it begins a comment. */
const COMMENT = /^#(?: |$)/;
/** Some editors begin every file with this mark. */
const BYTE_ORDER_MARK = /^\uFEFF/;

type Asked = SearchData["asked"][number];

/**
 * `QUESTION<tab>PASSAGE PASSAGE …`, the best first, or `-`; `# ` begins a comment. A line that is neither is left out whole
 * and named: half of it would teach what nobody meant.
 */
export function readAsked(text: string, file: string): { asked: SearchData["asked"]; problems: Problem[] } {
  const { lines, problems } = readLines(text, file);
  return { asked: lines.map(({ asked }) => asked), problems };
}

/** A file of what was asked, as `knowledge check` names it, and the language that it is in. */
export interface AskedFile {
  readonly file: string;
  readonly text: string;
  readonly lang: Lang;
}

/**
 * What who edits is told: lines that are none; passages that were taken away or numbered anew since; and questions that
 * are taken for the other language when somebody asks them: their own language learns them for nothing.
 */
export function askedProblems(
  { file, text, lang }: AskedFile,
  articles: readonly Article[],
  services: readonly Service[],
): Problem[] {
  const there = new Set([
    ...articles.flatMap(({ passages }) => passages.map(({ id }) => id)),
    ...services.map(({ id }) => `service:${id}`),
  ]);
  const { lines, problems } = readLines(text, file);
  const doubts = lines.flatMap(({ asked: { question, passages }, line }) => {
    const warning = (code: string, message: string): Problem => ({
      code,
      message,
      file,
      line,
      severity: "warning",
    });
    const dead = passages
      .filter((id) => !there.has(id))
      .map((id) => warning("search.asked_dead", `there is no passage "${id}"`));
    return langOf(question) === lang
      ? dead
      : [warning("search.asked_language", TAKEN_FOR_ANOTHER[lang]), ...dead];
  });
  return [...problems, ...doubts];
}

const TAKEN_FOR_ANOTHER: Readonly<Record<Lang, string>> = {
  vi: "is taken for English when it is asked, and this file is Vietnamese",
  en: "is taken for Vietnamese when it is asked, and this file is English",
};

function readLines(text: string, file: string) {
  const lines: { readonly asked: Asked; readonly line: number }[] = [];
  const problems: Problem[] = [];
  text
    .replace(BYTE_ORDER_MARK, "")
    .split(/\r?\n/)
    .forEach((written, at) => {
      if (written.trim() === "" || COMMENT.test(written)) return;
      const line = at + 1;
      const read = readLine(written);
      if (typeof read !== "string") lines.push({ asked: read, line });
      else problems.push({ code: "search.wrong_asked", message: read, file, line, severity: "error" });
    });
  return { lines, problems };
}

/** Or what is wrong with it. */
function readLine(written: string): Asked | string {
  const [question = "", named = "", ...more] = written.split("\t");
  // White space of any kind: a no-break space looks like any other.
  const ids = named.split(/\s+/).filter((id) => id !== "");
  if (question.trim() === "" || ids.length === 0 || more.length > 0)
    return `must be a question, a tab, and the ids of passages with spaces between them, or "${NOT_OURS}" where it is not ours to answer`;
  if (ids.join() === NOT_OURS) return { question: question.trim(), passages: [] };
  if (ids.includes(NOT_OURS)) return `"${NOT_OURS}" says that nothing answers: it stands alone`;
  const strange = ids.find((id) => !PASSAGE.test(id));
  if (strange !== undefined) return `"${strange}" is no id such as article#1 or service:name`;
  const twice = ids.find((id, place) => ids.indexOf(id) < place);
  if (twice !== undefined) return `"${twice}" stands here twice`;
  return { question: question.trim(), passages: ids };
}
