/** Reads what people asked before they had seen any passage (`knowledge/search/asked/*.tsv`), with the faults by line. */

import type { Article } from "../knowledge/article.ts";
import type { Service } from "../knowledge/service.ts";
import type { Lang } from "../message.ts";
import type { Problem } from "../problem.ts";
import type { SearchData } from "./tuning.ts";

/** Whether a file of `knowledge/search` holds what people asked, by its name in that folder. */
export function isAsked(name: string): boolean {
  return /^asked\/.+\.tsv$/.test(name);
}

/** The language of a file of what people asked, by its name: files of each other language stand in a folder of its own. */
export function langOfAsked(name: string): Lang {
  return name.startsWith("asked/en/") ? "en" : "vi";
}

/** What stands instead of passages when a question is not ours to answer. */
const NOT_OURS = "-";

/** `QUESTION<tab>PASSAGE PASSAGE …`, the best first, or `-`; a line that is neither is left out and named. `#` begins a comment. */
export function readAsked(text: string, file: string): { asked: SearchData["asked"]; problems: Problem[] } {
  const asked: SearchData["asked"] = [];
  const problems: Problem[] = [];
  text.split(/\r?\n/).forEach((line, at) => {
    if (line.trim() === "" || line.startsWith("#")) return;
    const [question = "", named = "", ...more] = line.split("\t");
    const passages = named.split(" ").filter((id) => id !== "" && id !== NOT_OURS);
    if (question.trim() === "" || named.trim() === "" || more.length > 0) {
      problems.push({
        code: "search.wrong_asked",
        message: `must be a question, a tab, and the ids of passages with spaces between them, or "${NOT_OURS}" where it is not ours to answer`,
        file,
        line: at + 1,
        severity: "error",
      });
      return;
    }
    asked.push({ question: question.trim(), passages });
  });
  return { asked, problems };
}

/** What a file teaches that is not there: passages that were taken away or numbered anew since. */
export function askedProblems(
  file: string,
  text: string,
  articles: readonly Article[],
  services: readonly Service[],
): Problem[] {
  const there = new Set([
    ...articles.flatMap(({ passages }) => passages.map(({ id }) => id)),
    ...services.map(({ id }) => `service:${id}`),
  ]);
  const { problems } = readAsked(text, file);
  const dead = text.split(/\r?\n/).flatMap((line, at) =>
    readAsked(line, file)
      .asked.flatMap(({ passages }) => passages)
      .filter((id) => !there.has(id))
      .map(
        (id): Problem => ({
          code: "search.asked_dead",
          message: `there is no passage "${id}"`,
          file,
          line: at + 1,
          severity: "warning",
        }),
      ),
  );
  return [...problems, ...dead];
}
