/** `npm run -s cli -- knowledge check [folder]`: says what is wrong with a knowledge folder; exit 1 when anything is an error. */

import { parse } from "yaml";
import { placedIn } from "../app/problem-places.ts";
import { dayOf } from "../core/day.ts";
import { type BannedPhrase, bannedFileSchema } from "../core/knowledge/banned.ts";
import { checkKnowledge, type PlaceOf } from "../core/knowledge/check.ts";
import { goldenProblems } from "../core/knowledge/golden.ts";
import { LANGS } from "../core/message.ts";
import { describeProblem, type Problem } from "../core/problem.ts";
import { sayProblem } from "../core/problem-words.ts";
import { type AskedFile, askedProblems, isAsked, langOfAsked } from "../core/retrieval/asked.ts";
import { readMeaning, wrongMeaning } from "../core/retrieval/meaning.ts";
import { type LoadedKnowledge, loadKnowledge } from "./knowledge-files.ts";

export interface CheckOutput {
  readonly line: (text: string) => void;
}

/**
 * Arguments: `[folder]` (default `knowledge`), `--json` for one JSON object per problem, `--today 2026-11-22`, `--lang vi`.
 * Returns the exit code: 0, or 1 when there is an error.
 */
export async function knowledgeCheck(args: readonly string[], out: CheckOutput, now: Date): Promise<number> {
  const asJson = args.includes("--json");
  const option = (name: string) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const today = option("today") ?? dayOf(now.getTime());
  const lang = option("lang") === "vi" ? "vi" : "en";
  const folder =
    args.find((arg, i) => !arg.startsWith("--") && !["--today", "--lang"].includes(args[i - 1] ?? "")) ??
    "knowledge";

  const loaded = await loadKnowledge(folder);
  const banned = readBanned(loaded.files.banned, `${loaded.name}/check/banned.yaml`);
  const placeOf: PlaceOf = (key, lang) =>
    loaded.places.get(lang === undefined ? key : `${key}/${lang}`) ?? loaded.places.get(key) ?? {};
  const report = checkKnowledge({ ...loaded, banned: banned.phrases, today, placeOf });
  const sources = new Map(loaded.files.sources.map((source) => [source.file, source]));
  const problems = [
    ...loaded.problems,
    ...banned.problems,
    ...report.problems.map((p) => {
      const source = sources.get(p.file ?? "");
      return source ? placedIn(p, source) : p;
    }),
    ...loaded.goldenFiles.flatMap(({ file, text }) =>
      goldenProblems(file, text, loaded.articles, loaded.services),
    ),
    ...[...learntFiles(loaded), ...loaded.unaidedFiles].flatMap((file) =>
      askedProblems(file, loaded.articles, loaded.services),
    ),
    ...meaningProblems(loaded),
  ];

  for (const p of problems)
    out.line(
      asJson ? JSON.stringify(p) : `${p.severity}: ${describeProblem(p, sayProblem(p, lang))} [${p.code}]`,
    );
  for (const w of report.withdrawn) {
    out.line(
      asJson ? JSON.stringify({ withdrawn: w.key, since: w.since }) : `withdrawn: ${w.key} since ${w.since}`,
    );
  }
  const errors = problems.filter((p) => p.severity === "error").length;
  const summary = {
    articles: loaded.articles.length,
    passages: loaded.articles.reduce((n, a) => n + a.passages.length, 0),
    services: loaded.services.length,
    provinces: loaded.provinces.length,
    pendingArticles: report.pending.articles,
    pendingServices: report.pending.services,
    withdrawn: report.withdrawn.length,
    errors,
    warnings: problems.length - errors,
  };
  out.line(asJson ? JSON.stringify({ summary }) : inWords(summary));
  return errors > 0 ? 1 : 0;
}

function learntFiles({ files, name }: LoadedKnowledge): AskedFile[] {
  return Object.entries(files.searchFiles)
    .filter(([file]) => isAsked(file))
    .map(([file, text]) => ({ file: `${name}/search/${file}`, text, lang: langOfAsked(file) }));
}

/** The service goes without what it cannot read, and finds less; at its start it looks at no more than the ends. */
function meaningProblems({ files, name }: LoadedKnowledge): Problem[] {
  return LANGS.flatMap((lang) => {
    const text = files.meanings?.[lang];
    return text === undefined || readMeaning(text, lang) ? [] : [wrongMeaning(lang, name)];
  });
}

function inWords(summary: Readonly<Record<string, number>>): string {
  return Object.entries(summary)
    .map(([name, n]) => `${n} ${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`)
    .join(", ");
}

function readBanned(
  text: string | null | undefined,
  file: string,
): { phrases: readonly BannedPhrase[]; problems: Problem[] } {
  const fail = (message: string): { phrases: []; problems: Problem[] } => ({
    phrases: [],
    problems: [{ code: "knowledge.banned_unreadable", message, file, severity: "error" }],
  });
  try {
    const checked = bannedFileSchema.safeParse(parse(text ?? ""));
    if (checked.success) return { phrases: checked.data.phrases, problems: [] };
    if (text) return fail(checked.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
  } catch {
    // Told below: no text was checked against it.
  }
  return fail("the list of banned phrases cannot be read, so no text was checked against it");
}

if (import.meta.main) {
  // Print as we go: an editor with a hundred problems wants the first one at once.
  process.exitCode = await knowledgeCheck(
    process.argv.slice(2),
    { line: (text) => console.log(text) },
    new Date(),
  );
}
